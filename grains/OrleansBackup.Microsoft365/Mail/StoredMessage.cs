using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>A message out of the backup, to be put back.</summary>
/// <param name="Json">The message object as Graph gave it.</param>
/// <param name="OpenMime">Opens its MIME form; null when there is none.</param>
public sealed record StoredMessage(ReadOnlyMemory<byte> Json, Func<CancellationToken, Task<Stream>>? OpenMime, ImmutableArray<StoredAttachment> Attachments)
{
    /// <summary>Names the item of the backup for ever; kept on the restored message, so that a later restore finds it by <see cref="MailboxWriter.FindRestoredAsync"/>.</summary>
    public string? Origin { get; init; }
}

/// <summary>One attachment out of the backup.</summary>
/// <param name="Json">The attachment object as Graph gave it, without content bytes.</param>
/// <param name="Open">Opens its bytes (of an item: its MIME form); null when it has none or they could not be read when backed up.</param>
/// <param name="Length">Bytes that <paramref name="Open"/> gives.</param>
public sealed record StoredAttachment(ReadOnlyMemory<byte> Json, Func<CancellationToken, Task<Stream>>? Open, long Length);

/// <summary>A message that is in the mailbox already.</summary>
/// <param name="FolderId">Where it is now. A deleted message is still found for a while, in a folder of the recoverable items.</param>
public sealed record ExistingMessage(string Id, string? FolderId, string? ChangeKey, string? InternetMessageId, DateTimeOffset? Received)
{
    /// <summary>When it was last written, its making included.</summary>
    public DateTimeOffset? LastModified { get; init; }
}

/// <summary>A message that was put back.</summary>
/// <param name="Losses">What could not be put back as it was; empty: nothing was lost.</param>
public sealed record RestoredMessage(string Id, ImmutableArray<Loss> Losses);
