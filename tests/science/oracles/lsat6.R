# Write lsat6_items.csv (the 2PL model fitted to LSAT-6 by mirt) and lsat6.csv (answer patterns
# with their numbers of people, and mirt's EAP and standard error).
#
# R packages mirt and psych, which has the data: Bock & Lieberman (1970), Psychometrika 35,
# 179-197. Run in this folder: Rscript lsat6.R

suppressMessages({
  library(mirt)
  library(psych)
})

plain <- function(x) trimws(formatC(x, digits = 12, format = "g"))
write <- function(told, file) write.csv(told, file, row.names = FALSE, quote = FALSE)

lsat <- as.data.frame(lsat6)
fitted <- mirt(lsat, 1, itemtype = "2PL", quadpts = 121, TOL = 1e-9, verbose = FALSE,
  technical = list(NCYCLES = 20000))
found <- coef(fitted, IRTpars = TRUE, simplify = TRUE)$items
write(data.frame(id = rownames(found), slope = plain(found[, "a"]),
  threshold1 = plain(found[, "b"])), "lsat6_items.csv")
patterns <- aggregate(list(people = rep(1, nrow(lsat))), lsat, sum)
eap <- fscores(fitted, method = "EAP", quadpts = 121, theta_lim = c(-6, 6), verbose = FALSE,
  response.pattern = as.matrix(patterns[, 1:5]))
write(data.frame(patterns, level = plain(eap[, "F1"]), error = plain(eap[, "SE_F1"])),
  "lsat6.csv")
cat(R.version.string, "mirt", format(packageVersion("mirt")), "psych",
  format(packageVersion("psych")), "\n")
