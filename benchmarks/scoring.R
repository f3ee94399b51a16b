# Scores the answers written by scoring.py with psych::scoreItems, and times only that.
# usage: Rscript scoring.R FOLDER PEOPLE ITEMS SCALES ROUNDS
library(psych)
given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]
people <- as.integer(given[2]); items <- as.integer(given[3])
scales <- as.integer(given[4]); rounds <- as.integer(given[5])

answers <- matrix(readBin(file.path(folder, "answers.bin"), "integer", people * items),
                  nrow = people)
answers[answers < 0] <- NA
colnames(answers) <- paste0("i", seq_len(items))
keys <- lapply(readLines(file.path(folder, "keys.txt")), function(line) strsplit(line, " ")[[1]])
names(keys) <- paste0("s", seq_len(scales))

seconds <- replicate(rounds, system.time(
  scored <<- scoreItems(keys, answers, totals = FALSE, missing = TRUE, impute = "none",
                        min = 0, max = 4)
)[["elapsed"]])
cat(min(seconds), as.character(packageVersion("psych")), "\n")
writeBin(as.vector(scored$scores), file.path(folder, "scores.bin"))
