# Write adaptive_figures.csv: probabilities, information, EAP and the sum-score table of mirt
# for the first eight items of the bank that adaptive.R invents.
#
# R package mirt. Run in this folder after adaptive.R: Rscript adaptive_mirt.R

suppressMessages(library(mirt))

GRID <- c(-6, 6, 121)
SHORT <- 1:8

plain <- function(x) trimws(formatC(x, digits = 12, format = "g"))
bank <- read.csv("adaptive_items.csv")
answers <- as.matrix(read.csv("adaptive_answers.csv"))
PEOPLE <- nrow(answers)

held <- function(data, slopes, thresholds) {
  values <- mirt(data, 1, itemtype = "graded", pars = "values", TOL = NaN, verbose = FALSE)
  for (i in seq_along(slopes)) {
    of_item <- values$item == colnames(data)[i]
    values$value[of_item & values$name == "a1"] <- slopes[i]
    b <- thresholds[i, !is.na(thresholds[i, ])]
    steps <- of_item & grepl("^d[0-9]*$", values$name)
    stopifnot(sum(steps) == length(b))
    values$value[steps] <- -slopes[i] * b
  }
  values$est <- FALSE
  mirt(data, 1, itemtype = "graded", pars = values, TOL = NaN, verbose = FALSE)
}
scores <- function(model, ...) fscores(model, quadpts = GRID[3], theta_lim = GRID[1:2],
  verbose = FALSE, ...)

short <- held(answers[, SHORT], bank$slope[SHORT], as.matrix(bank[SHORT, 4:7]))
at <- seq(-3, 3, 1.5)
figures <- do.call(rbind, lapply(SHORT, function(i) {
  item <- extract.item(short, i)
  chance <- probtrace(item, at)
  rbind(
    data.frame(figure = "information", item = bank$id[i], at, category = "",
      value = plain(iteminfo(item, at))),
    data.frame(figure = "probability", item = bank$id[i], at = rep(at, ncol(chance)),
      category = rep(seq_len(ncol(chance)) - 1, each = length(at)), value = plain(c(chance)))
  )
}))
sums <- scores(short, method = "EAPsum", full.scores = FALSE)
by_sum <- function(figure, value) data.frame(figure, item = "", at = sums$Sum.Scores,
  category = "", value = plain(value))
everyone <- scores(short, method = "EAP", full.scores.SE = TRUE)
of_person <- function(figure, value) data.frame(figure, item = "", at = 1:PEOPLE,
  category = "", value = plain(value))
write.csv(rbind(figures, by_sum("sum_level", sums$F1), by_sum("sum_error", sums$SE_F1),
  by_sum("sum_expected", sums$expected / PEOPLE), of_person("level", everyone[, 1]),
  of_person("error", everyone[, 2])), "adaptive_figures.csv",
  row.names = FALSE, quote = FALSE)
cat(R.version.string, "mirt", format(packageVersion("mirt")), "\n")
