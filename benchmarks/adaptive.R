# Time catR: Rscript adaptive.R FOLDER STEPS. Reads items.csv (slope, thresholds) and answers.csv
# (one row for each person) from FOLDER, writes steps.csv (item, level, error, seconds).

suppressMessages(library(catR))

told <- commandArgs(trailingOnly = TRUE)
folder <- told[1]
steps <- as.integer(told[2])
bank <- as.matrix(read.csv(file.path(folder, "items.csv")))
answers <- as.matrix(read.csv(file.path(folder, "answers.csv"), header = FALSE))

found <- do.call(rbind, lapply(seq_len(nrow(answers)), function(person) {
  rows <- matrix(NA, steps, 3)
  begun <- sum(proc.time()[1:2])
  theta <- 0
  out <- integer(0)
  for (step in seq_len(steps)) {
    out <- c(out, nextItem(bank, model = "GRM", theta = theta, out = out)$item)
    items <- bank[out, , drop = FALSE]
    x <- answers[person, out]
    theta <- eapEst(items, x, model = "GRM", lower = -6, upper = 6, nqp = 121)
    error <- eapSem(theta, items, x, model = "GRM", lower = -6, upper = 6, nqp = 121)
    rows[step, ] <- c(out[step] - 1, theta, error)
  }
  cbind(rows, sum(proc.time()[1:2]) - begun)
}))
write.table(found, file.path(folder, "steps.csv"), sep = ",", row.names = FALSE, col.names = FALSE)
cat(format(packageVersion("catR")), "\n")
