// One browser, one conversation: a new tab asks the others of this site for theirs. The token stays
// in each tab's own storage, so it is gone with the last tab. Tabs meet under a `key`.

const PATIENCE_MILLISECONDS = 120;

/** The token of another tab's conversation, or null. */
export function askOtherTabs(key) {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(key);
    const done = (token) => {
      channel.close();
      resolve(token);
    };
    const timer = setTimeout(() => done(null), PATIENCE_MILLISECONDS);
    channel.addEventListener("message", ({ data }) => {
      if (!data.token) return;
      clearTimeout(timer);
      done(data.token);
    });
    channel.postMessage({ asks: true });
  });
}

/** Answer other tabs with `token()`, when there is one. */
export function answerOtherTabs(key, token) {
  const channel = new BroadcastChannel(key);
  channel.addEventListener("message", ({ data }) => {
    if (data.asks && token()) channel.postMessage({ token: token() });
  });
}
