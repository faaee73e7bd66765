using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>One entry of a round: apply it again and nothing changes.</summary>
public abstract record MessageChange;

/// <summary>The message is in the folder, new or changed or only mentioned again.</summary>
public sealed record MessageListed(MessageSummary Message) : MessageChange;

/// <summary>The message has left the folder: deleted, or moved, which another folder's round will show.</summary>
public sealed record MessageRemoved(string Id) : MessageChange;

/// <summary>A message is there that the service cannot list or read: keep what is known of it and try again on later runs.</summary>
/// <remarks>
/// In a full round with one that has no id, a known message that was not listed may be the very one: ask for it
/// (<see cref="MailboxReader.TryReadAsync"/>) before calling it gone.
/// </remarks>
/// <param name="Id">Null where not even the id could be found out.</param>
/// <param name="Code">The service's reason.</param>
public sealed record MessageUnlisted(string? Id, string Code) : MessageChange;

/// <summary>One page of a folder's round.</summary>
/// <param name="Changes">Each message once: within a page its last occurrence wins; so does a later page over an earlier one.</param>
/// <param name="Link">
/// Where to go on after this page; opaque. On the last page, where the next round starts. Empty on the last page: the service gave no
/// delta token, the next round enumerates again.
/// </param>
/// <param name="IsFull">The round enumerates the folder from nothing: what it does not list is gone from the folder.</param>
/// <param name="Restarted">The round began anew with this page: forget what its earlier pages listed.</param>
public sealed record MessagePage(
    ImmutableArray<MessageChange> Changes, string Link, bool IsLast, bool IsFull, bool Restarted, ImmutableArray<string> Warnings);
