# Write adaptive_items.csv (an invented bank of 60 items), adaptive_answers.csv (invented
# people's answers to all of it) and adaptive_steps.csv (what catR asks them, with EAP and
# standard error after each answer).
#
# R package catR; takes some minutes. Run in this folder: Rscript adaptive.R

suppressMessages(library(catR))

ITEMS <- 60
PEOPLE <- 100
STEPS <- 15
GRID <- c(-6, 6, 121)

plain <- function(x) trimws(formatC(x, digits = 12, format = "g"))
write <- function(told, file) write.csv(told, file, row.names = FALSE, quote = FALSE, na = "")

set.seed(20261123)
steps <- rep(c(4, 4, 3, 1), length.out = ITEMS)
thresholds <- t(sapply(steps, function(n) {
  first <- round(rnorm(1, -0.8, 0.9), 3)
  round(c(first + cumsum(c(0, runif(n - 1, 0.2, 1.1))), rep(NA, 4 - n)), 3)[1:4]
}))
bank <- data.frame(
  id = sprintf("q%02d", 1:ITEMS),
  area = c("mood", "body", "thought")[(0:(ITEMS - 1)) %% 3 + 1],
  slope = round(runif(ITEMS, 0.8, 3.6), 3), thresholds
)
names(bank)[4:7] <- paste0("threshold", 1:4)
write(bank, "adaptive_items.csv")
for_catr <- as.matrix(bank[, c("slope", paste0("threshold", 1:4))])

levels <- round(rnorm(PEOPLE, 0, 1.2), 3)
answers <- t(sapply(levels, function(at) apply(Pi(at, for_catr, model = "GRM")$Pi, 1,
  function(p) sample.int(sum(!is.na(p)), 1, prob = p[!is.na(p)]) - 1)))
colnames(answers) <- bank$id
write(as.data.frame(answers), "adaptive_answers.csv")

asked <- do.call(rbind, lapply(1:PEOPLE, function(person) {
  theta <- 0
  out <- integer(0)
  do.call(rbind, lapply(1:STEPS, function(step) {
    got <- nextItem(for_catr, model = "GRM", theta = theta, out = out, criterion = "MFI")$item
    out <<- c(out, got)
    told <- answers[person, out]
    items <- for_catr[out, , drop = FALSE]
    theta <<- eapEst(items, told, model = "GRM", lower = GRID[1], upper = GRID[2], nqp = GRID[3])
    error <- eapSem(theta, items, told, model = "GRM", lower = GRID[1], upper = GRID[2],
      nqp = GRID[3])
    data.frame(person, step, item = bank$id[got], level = plain(theta), error = plain(error))
  }))
}))
write(asked, "adaptive_steps.csv")

cat(R.version.string, "catR", format(packageVersion("catR")), "\n")
