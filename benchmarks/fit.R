# Usage: Rscript fit.R FILE.csv lme4|nlme
# Prints seconds of one fit and its log-likelihood. Reading the file is not timed.

args <- commandArgs(trailingOnly = TRUE)
told <- read.csv(args[1])
begun <- function() proc.time()[["elapsed"]]

if (args[2] == "lme4") {
  suppressMessages(library(lme4))
  from <- begun()
  m <- lmer(value ~ dose + (dose | person), told, REML = FALSE,
    control = lmerControl(calc.derivs = FALSE))
} else {
  suppressMessages(library(nlme))
  from <- begun()
  m <- lme(value ~ dose, told, ~ dose | person,
    corExp(form = ~ week | person, nugget = TRUE), method = "ML",
    control = lmeControl(msMaxIter = 500, maxIter = 200, opt = "optim"))
}
cat(begun() - from, format(as.numeric(logLik(m)), digits = 15), "\n")
