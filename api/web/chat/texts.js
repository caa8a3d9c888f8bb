// Every sentence that the chat itself says. What the assistant says comes from the bridge.

const TEXTS = {
  en: {
    title: "Member service",
    companies: "CIGNA\u00a0HealthCare · MVP\u00a0Health\u00a0Care · Preferred\u00a0Care",
    open: "Chat with member service",
    openUnread: "Chat with member service, {count} new",
    close: "Close the chat",
    conversation: "Conversation",
    you: "You",
    assistant: "Assistant",
    agent: "Member-service person",
    system: "Notice",
    says: "{who}: {text}",
    choices: "Choices: {titles}.",
    chosen: "chosen",
    typing: "The assistant is writing",
    withAssistant: "Automated assistant",
    withQueue: "Waiting for a person. Please stay.",
    withAgent: "A person is with you",
    withNobody: "Chat ended",
    verified: "Identity confirmed",
    message: "Your message",
    placeholder: "Write your question",
    send: "Send",
    person: "Talk to a person",
    personAsked: "I'd like to talk to a person.",
    startOver: "Start over",
    end: "End chat",
    newMessages: "New messages",
    notSent: "Not sent.",
    tryAgain: "Try again",
    unreached:
      "We can't reach member service right now. We keep trying. If it can't wait, please call:",
    unreachedNoLines:
      "We can't reach member service right now. We keep trying. If it can't wait, please call the " +
      "number on the back of your member card.",
    line: "{company}: {phone} (TTY {tty})",
    reachedAgain: "Member service can be reached again.",
    newChat: "Start a new chat",
    endQuestion: "End this chat?",
    startOverQuestion: "Start over?",
    endExplained:
      "This page forgets the conversation, and you'd have to say who you are again. The company " +
      "keeps its record of it.",
    cancel: "Keep chatting",
    rate: "Was this helpful?",
    up: "Yes, helpful",
    down: "No, not helpful",
    thanks: "Thank you.",
    why: "Thank you. What was wrong?",
    reasons: ["Not what I asked", "Not correct", "Hard to understand"],
    emergency: "In an emergency, call 911. For a crisis, call or text 988.",
    claim: "Claim {number}",
    states: {
      received: "Received",
      pending: "In process",
      information_requested: "Information needed",
      paid: "Paid",
      partly_paid: "Partly paid",
      denied: "Denied",
      adjusted: "Adjusted",
      reversed: "Reversed",
      processed: "Processed",
    },
    service: "Service",
    billed: "Billed",
    paid: "Plan paid",
    owes: "You owe",
    paidOn: "Paid on",
    lines: { medical: "Medical", dental: "Dental", pharmacy: "Pharmacy", behavioral: "Behavioral", fsa: "FSA" },
    plan: "Plan",
    group: "Group",
    start: "Since",
    until: "Until",
    planCard: "{line} plan with {company}",
    phone: "Phone",
    address: "Address",
    away: "{miles} mi",
    listed: "Listed by",
    accepting: "Takes new patients",
    notAccepting: "Not taking new patients",
    pageTitle: "Answers about your health plan, from the right company",
    pageLead:
      "One place for members of the CIGNA and MVP Health Care/Preferred Care alliance. Ask in your " +
      "own words; the answer comes from the company that holds it.",
    pageCan: "You can ask",
    pageExamples: [
      "Has my claim from March been paid?",
      "Which plan covers me?",
      "Find me a cardiologist near 12207",
    ],
    pagePrivacy:
      "Before anything about you is shown, we ask who you are. This browser keeps no messages.",
    pageCall: "Rather call?",
  },
};

const language = "en";

/** The text of a key, with {names} replaced. Lists and tables come back as they are. */
export function text(key, values = {}) {
  const found = TEXTS[language][key];
  if (typeof found !== "string") return found;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
