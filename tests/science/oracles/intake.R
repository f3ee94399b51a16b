# Write intake_scores.csv and intake_known.csv (invented people) and intake.csv (figures of
# nlme): growth with serial correlation and error, and what is known at intake.
#
# Debian: r-recommended. Run in this folder: Rscript intake.R
# Time is ln(1 + nth score); what passes does so by days. Covariates in sds, as `securebase
# fit --covariates` takes them. The search of nlme ends a little below the top and says so;
# tightened further it gives no figures at all.

suppressMessages(library(nlme))

set.seed(4)
people <- 60
each <- 9
distress <- round(rnorm(people, 20, 6))
anxiety <- round(rnorm(people, 3.5, 1.1), 2)
z <- cbind(scale(distress), scale(anxiety))
level <- 15 + 1.5 * z[, 1] + 0.8 * z[, 2] + rnorm(people, 0, 3)
slope <- -2 + 0.6 * z[, 2] + rnorm(people, 0, 1)

told <- do.call(rbind, lapply(seq_len(people), function(i) {
  day <- cumsum(c(0, sample(c(5, 7, 9, 14), each - 1, replace = TRUE)))
  passing <- Reduce(function(x, gap) {
    kept <- exp(-gap / 12)
    kept * x + 2.5 * sqrt(1 - kept^2) * rnorm(1)
  }, diff(day), rnorm(1, 0, 2.5), accumulate = TRUE)
  u <- log1p(0:(each - 1))
  value <- round(level[i] + slope[i] * u + passing + rnorm(each, 0, 1.5), 1)
  data.frame(person = i, day, u, value, z1 = z[i, 1], z2 = z[i, 2])
}))

m <- lme(value ~ u * (z1 + z2), told, ~ u | person,
  corExp(form = ~ day | person, nugget = TRUE), method = "ML",
  control = lmeControl(msMaxIter = 3000, maxIter = 500, opt = "optim", msTol = 1e-12,
    tolerance = 1e-10, niterEM = 50, returnObject = TRUE))
effects <- fixef(m)[c("z1", "u:z1", "z2", "u:z2")]
# Standard errors of maximum likelihood, without the degrees of freedom nlme makes up for.
errors <- sqrt(diag(vcov(m)))[names(effects)]
names(effects) <- c("core-10.total.level", "core-10.total.slope", "ecr-r.anxiety.level",
  "ecr-r.anxiety.slope")
names(errors) <- paste0(names(effects), ".se")
figures <- c(loglik = as.numeric(logLik(m)), intercept_mean = fixef(m)[["(Intercept)"]],
  slope_mean = fixef(m)[["u"]], effects, errors)

plain <- function(table, file) write.csv(table, file, row.names = FALSE, quote = FALSE)
plain(told[c("person", "day", "value")], "intake_scores.csv")
plain(data.frame(person = seq_len(people), `core-10.total` = distress,
  `ecr-r.anxiety` = anxiety, check.names = FALSE), "intake_known.csv")
plain(data.frame(figure = names(figures),
  value = trimws(formatC(figures, digits = 12, format = "g"))), "intake.csv")
cat(R.version.string, "nlme", format(packageVersion("nlme")), "\n")
