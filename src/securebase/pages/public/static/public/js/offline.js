// Help now and the exercises stay at hand without a connection: a worker keeps copies of
// these open pages on the device. Nothing personal is ever kept.
navigator.serviceWorker?.register("/offline-worker.js").catch(() => {});
