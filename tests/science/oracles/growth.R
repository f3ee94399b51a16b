# Write growth.csv (figures of lme4 and nlme), sleepstudy.csv and bodyweight.csv (the data).
#
# Debian: r-cran-lme4 and r-recommended. Run in this folder: Rscript growth.R
# Data: sleepstudy, Belenky et al. (2003), as in lme4; BodyWeight, Hand & Crowder (1996),
# as in nlme. The search is tightened until its figures no longer move.

suppressMessages({
  library(lme4)
  library(nlme)
})

plain <- function(person, time, value, file) {
  told <- data.frame(person = person, time = time, value = value)
  write.csv(told, file, row.names = FALSE, quote = FALSE)
  told
}

row <- function(data, residual, method, figure, value) {
  data.frame(data, residual, method, figure, value = trimws(formatC(value, digits = 12, format = "g")))
}

with_lme4 <- function(told, name, method) {
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10))
  m <- lmer(value ~ time + (time | person), told, REML = method == "REML", control = control)
  spread <- as.data.frame(VarCorr(m))$sdcor
  kept <- ranef(m, condVar = TRUE)$person
  first_sd <- sqrt(attr(kept, "postVar")[2, 2, 1])
  figures <- c(
    loglik = as.numeric(logLik(m)),
    intercept_mean = unname(fixef(m)[1]), slope_mean = unname(fixef(m)[2]),
    intercept_mean.se = sqrt(vcov(m)[1, 1]), slope_mean.se = sqrt(vcov(m)[2, 2]),
    intercept_sd = spread[1], slope_sd = spread[2], correlation = spread[3],
    error_sd = spread[4], first_slope = kept[1, 2], first_slope_sd = first_sd
  )
  row(name, "error", method, names(figures), figures)
}

with_nlme <- function(told, name, method, residual) {
  serial <- if (residual == "both") corExp(form = ~ time | person, nugget = TRUE) else
    corCAR1(form = ~ time | person)
  m <- lme(value ~ time, told, ~ time | person, serial, method = method,
    control = lmeControl(msMaxIter = 1000, maxIter = 500, opt = "optim", msTol = 1e-13,
      tolerance = 1e-11, niterEM = 50))
  spread <- VarCorr(m)
  at <- coef(m$modelStruct$corStruct, unconstrained = FALSE)
  nugget <- if (residual == "both") at[["nugget"]] else 0
  half <- if (residual == "both") log(2) * at[["range"]] else -log(2) / log(at[[1]])
  figures <- c(
    loglik = as.numeric(logLik(m)),
    intercept_mean = unname(fixef(m)[1]), slope_mean = unname(fixef(m)[2]),
    intercept_mean.se = sqrt(vcov(m)[1, 1]), slope_mean.se = sqrt(vcov(m)[2, 2]),
    intercept_sd = as.numeric(spread[1, 2]), slope_sd = as.numeric(spread[2, 2]),
    deviation_sd = m$sigma * sqrt(1 - nugget), half_life_weeks = half
  )
  if (residual == "both") figures <- c(figures, error_sd = m$sigma * sqrt(nugget))
  row(name, residual, method, names(figures), figures)
}

sleep <- plain(as.character(sleepstudy$Subject), sleepstudy$Days, sleepstudy$Reaction,
  "sleepstudy.csv")
rats <- as.data.frame(BodyWeight)
rats <- plain(as.integer(as.character(rats$Rat)), rats$Time, rats$weight, "bodyweight.csv")

figures <- do.call(rbind, lapply(c("ML", "REML"), function(method) rbind(
  with_lme4(sleep, "sleepstudy", method),
  with_nlme(rats, "bodyweight", method, "deviation"),
  with_nlme(rats, "bodyweight", method, "both")
)))
write.csv(figures, "growth.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "lme4", format(packageVersion("lme4")),
  "nlme", format(packageVersion("nlme")), "\n")
