// One browser, one conversation: a new tab asks the others of this site for theirs. The token stays
// in each tab's own storage, so it is gone with the last tab.

const CHANNEL = "memberline";
const PATIENCE_MILLISECONDS = 120;

/** The token of another tab's conversation, or null. */
export function askOtherTabs() {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
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
export function answerOtherTabs(token) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => {
    if (data.asks && token()) channel.postMessage({ token: token() });
  });
}
