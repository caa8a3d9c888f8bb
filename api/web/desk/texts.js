// Every sentence that the desk itself says.

const TEXTS = {
  en: {
    title: "Agent desk",
    signIn: "Sign in",
    signOut: "Sign out",
    username: "User name",
    password: "Password",
    signInFailed: "That user name and password don't match.",
    unreached: "The desk can't reach Memberline. It keeps trying.",
    failed: "That did not work: {detail}",
    queue: "Queue",
    mine: "My conversations",
    waiting: "Waiting",
    noneMine: "None yet.",
    noneWaiting: "Nobody is waiting.",
    lastMessages: "Last messages",
    accept: "Accept",
    acceptWho: "Accept {who}, waiting {waited}",
    waits: "waits {waited}",
    unread: "new",
    member: "Member",
    noCompany: "Company not known",
    level: ["Not verified", "Verified, level {level}"],
    faster: "Another agent was faster.",
    pick: "Accept a conversation, or open one of yours.",
    conversation: "Conversation",
    messages: "Messages",
    over: "This conversation is not with you any more.",
    authors: { member: "Member", assistant: "Assistant", agent: "You (agent)", system: "Notice" },
    reply: "Your reply",
    replyHint: "Enter sends, Shift+Enter makes a new line.",
    send: "Send",
    handBack: "Hand back",
    handBackQuestion: "Hand this member back to the assistant?",
    handBackExplained: "The assistant answers the member's next message.",
    wrapUp: "Wrap up",
    wrapUpQuestion: "Wrap up this conversation",
    disposition: "Outcome",
    dispositions: {
      answered: "Answered",
      follow_up: "Needs follow-up",
      referred: "Referred to another team",
      no_reply: "Member did not reply",
      other: "Other",
    },
    summary: "Summary",
    cancel: "Cancel",
    done: "Done: {what}.",
    reason: "Reason",
    memberships: "Member of",
    suggestions: "Suggested answers",
    suggestionsFor: "For: “{text}”",
    noSuggestions: "Nothing to suggest for this message.",
    noConversation: "Suggestions appear when a conversation is open.",
    useKeys: "Keys 1, 2, 3 use a suggestion",
    use: "Use",
    useThis: "Use suggestion {number}: {title}",
    dismiss: "Dismiss",
    dismissThis: "Dismiss suggestion {number}: {title}",
    kinds: { answer: "Answer", question: "Question to the member", notice: "Notice" },
    confidence: "{percent}% sure",
    understood: "Understood as",
    entities: "With",
    source: "{company}, {resource}, fetched {ago} ago",
    stale: "older than 5 minutes: ask again before you rely on it",
    noSource: "General answer, no member data",
    inEditor: "Suggestion {number} is in your reply. Read it before you send it.",
    emergency: "EMERGENCY in a conversation",
    emergencyOf: "EMERGENCY: {who}. The member was told to call 911 or 988.",
    alarmOpen: "Open the conversation",
    alarmSeen: "I've seen it",
    wrote: "Member wrote: {text}",
  },
};

const language = "en";

/** The text of a key, with {names} replaced. Lists and tables come back as they are. */
export function text(key, values = {}) {
  const found = TEXTS[language][key];
  return typeof found === "string" ? filled(found, values) : found;
}

/** "Not verified", or the level that was reached. */
export function levelText(level) {
  return filled(TEXTS[language].level[level > 0 ? 1 : 0], { level });
}

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
