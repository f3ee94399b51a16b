# Peers in R. Usage: Rscript peers.R psych|KFAS|lme4|nlme FOLDER PEOPLE
# The protocol is that of turns.py.
given <- commandArgs(trailingOnly = TRUE)
name <- given[1]; folder <- given[2]; people <- as.integer(given[3])
if (!requireNamespace(name, quietly = TRUE)) {
  cat("absent not installed: install.packages('", name, "')\n", sep = "")
  quit(status = 0)
}
suppressMessages(library(name, character.only = TRUE))

told <- function(file, what, count = 1e9, size = NA_integer_) {
  from <- file(file.path(folder, file), "rb")
  on.exit(close(from))
  readBin(from, what, count, size = size)
}
put <- function(figures) writeBin(as.double(figures), file.path(folder, paste0(name, ".out")))

sit <- function(work) {
  cat("ready", as.character(packageVersion(name)), "\n")
  asked <- file("stdin")
  open(asked)
  while (length(readLines(asked, 1)) > 0) {
    took <- system.time(made <- work())
    cat("done", took[["elapsed"]], took[["user.self"]] + took[["sys.self"]], "\n")
  }
  made
}

score <- function() {
  whole <- file.size(file.path(folder, "columns.i1")) / 56
  answers <- matrix(told("columns.i1", "integer", whole * 56, 1L), nrow = whole)
  answers <- answers[seq_len(people), ]
  answers[answers < 0] <- NA
  colnames(answers) <- paste0("i", 1:56)
  keys <- lapply(0:6, function(s) {
    paste0(ifelse(1:8 %in% c(2, 5), "-", ""), "i", 8 * s + 1:8)
  })
  names(keys) <- paste0("s", 1:7)
  made <- sit(function() {
    scoreItems(keys, answers, totals = FALSE, missing = TRUE, impute = "none", min = 0, max = 4)
  })
  put(made$scores[seq_len(min(people, 5000)), ])
}

refresh <- function() {
  ends <- told("offsets.i8", "integer", 2 * (people + 1), 4L)[c(TRUE, FALSE)]
  seen <- ends[people + 1]
  weeks <- told("weeks.f8", "double", seen)
  nth <- told("sessions.f8", "double", seen)
  values <- lapply(0:3, function(m) told(paste0("values-", m, ".f8"), "double", seen))
  priors <- as.matrix(read.table(file.path(folder, "priors.txt")))
  made <- sit(function() lapply(1:4, function(m) one_by_one(ends, weeks, nth, values[[m]], priors[m, ])))
  checked <- seq_len(40)
  put(unlist(lapply(made, function(one) {
    c(one$loglik[checked], one$chance[checked], one$smoothed[seq_len(ends[41])])
  })))
}

one_by_one <- function(ends, weeks, nth, values, k) {
  loglik <- chance <- numeric(people)
  smoothed <- numeric(length(values))
  flagged <- 0
  start <- c(k[1], k[3], 0)
  cov <- diag(c(k[2]^2, k[4]^2, k[6]^2))
  cov[1, 2] <- cov[2, 1] <- k[5]
  rate <- -log(2) / k[7]
  for (i in seq_len(people)) {
    here <- (ends[i] + 1):ends[i + 1]
    n <- length(here)
    y <- values[here]
    kept <- exp(rate * c(diff(weeks[here]), 0))
    design <- array(1, c(1, 3, n)); design[1, 2, ] <- log1p(nth[here])
    turn <- array(diag(3), c(3, 3, n)); turn[3, 3, ] <- kept
    noise <- array(k[6]^2 * (1 - kept^2), c(1, 1, n))
    model <- SSModel(y ~ -1 + SSMcustom(Z = design, T = turn, R = matrix(c(0, 0, 1)), Q = noise,
      a1 = start, P1 = cov, P1inf = matrix(0, 3, 3), n = n), H = matrix(k[8]^2))
    got <- KFS(model, filtering = "state", smoothing = "state")
    loglik[i] <- got$logLik
    smoothed[here] <- rowSums(t(design[1, , ]) * got$alphahat)
    last <- nth[here[n]]
    end <- max(16, last)
    fade <- rate * k[12] * (end - last)
    h <- c(1, log1p(end), exp(fade))
    # att and Ptt are the state after the last score.
    var <- sum(h * (got$Ptt[, , n] %*% h)) - k[6]^2 * expm1(2 * fade) + k[8]^2
    chance[i] <- pnorm((y[!is.na(y)][1] - k[9] + k[10] / 2 - sum(h * got$att[n, ])) / sqrt(var))
    z <- got$v[, 1] / sqrt(got$F[1, ])
    flagged <- flagged + (max(abs(z), na.rm = TRUE) > 3 || chance[i] < 0.20)
  }
  list(loglik = loglik, chance = chance, smoothed = smoothed, flagged = flagged)
}

fit <- function() {
  scores <- read.csv(file.path(folder, "scores.csv"))
  scores <- scores[scores$person < people, ]
  made <- sit(if (name == "lme4") function() {
    lmer(value ~ dose + (dose | person), scores, REML = FALSE,
      control = lmerControl(calc.derivs = FALSE))
  } else function() {
    # By its own tolerance it may stop short of the highest likelihood.
    lme(value ~ dose, scores, ~ dose | person,
      corExp(form = ~ week | person, nugget = TRUE), method = "ML",
      control = lmeControl(msMaxIter = 500, maxIter = 200, msTol = 1e-10, opt = "optim"))
  })
  put(logLik(made))
}

switch(name, psych = score(), KFAS = refresh(), fit())
