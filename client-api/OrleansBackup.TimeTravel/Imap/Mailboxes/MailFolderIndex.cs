using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>A message in an opened folder: what lists and most searches need, without reading it.</summary>
/// <param name="Size">Of its MIME in bytes, exactly.</param>
/// <param name="Replacement">What stands for a message of which there is no MIME; null: the message itself.</param>
internal sealed record IndexedMessage(string Id, long Size, DateTimeOffset Date, bool IsRead, bool IsFlagged, bool IsDraft, string Subject, string From, byte[]? Replacement)
{
    private const string MimeRole = "mime";

    /// <summary>Its MIME from a byte on, so many at most.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(IRestorePointGrain point, long from, long length, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Replacement is { } text)
        {
            if (from < text.Length)
                yield return text.AsMemory((int)from, (int)Math.Min(length, text.Length - from));
            yield break;
        }
        await foreach (var piece in point.ReadStretch(Id, MimeRole, from, length, cancellation))
            yield return piece;
    }

    public static IndexedMessage Of(ItemAtPoint item, DateTimeOffset sealedAt)
    {
        var replacement = item.HasMime ? null : ReplacementMessage.Of(item, sealedAt);
        var size = replacement?.Length ?? item.Contents.First(content => content.Role == MimeRole).Size;
        return new IndexedMessage(item.Id, size, item.Received ?? item.Sent ?? sealedAt, item.IsRead, item.FlagStatus == "flagged", item.IsDraft, item.Subject, item.From, replacement);
    }
}

/// <summary>The messages of a folder in the order of their coming. A message's place, from 1, is its number and its UID.</summary>
/// <remarks>A sealed point never changes, so places never do: the same for every program, each day, for as long as there is the point.</remarks>
internal sealed class MailFolderIndex
{
    private const int ItemsAtOnce = 1_000;

    private MailFolderIndex(ImmutableArray<IndexedMessage> messages, uint validity) => (Messages, Validity) = (messages, validity);

    public ImmutableArray<IndexedMessage> Messages { get; }

    /// <summary>UIDVALIDITY: another for each folder of each point.</summary>
    public uint Validity { get; }

    public int Unseen => Messages.Count(message => !message.IsRead);

    /// <summary>The number of the first message that nobody has read; null: all are.</summary>
    public int? FirstUnseen => Enumerable.Range(1, Messages.Length).Where(number => !Messages[number - 1].IsRead).Select(number => (int?)number).FirstOrDefault();

    public static Task<MailFolderIndex> OfAsync(Visit visit, FolderAtPoint folder, KeptReadings kept, CancellationToken cancellation) => kept.GetAsync(
        $"mail {visit.Opened.Point} {visit.Opened.Run} {folder.Id}", () => ReadAsync(visit, folder, visit.Ended), index => index.Messages.Length, cancellation);

    private static async Task<MailFolderIndex> ReadAsync(Visit visit, FolderAtPoint folder, CancellationToken cancellation)
    {
        var messages = new List<IndexedMessage>();
        string? after = null;
        do
        {
            var page = await visit.Point.ListItems(folder.Id, after, ItemsAtOnce, cancellation);
            messages.AddRange(page.Items.Where(item => item.Kind == "message").Select(item => IndexedMessage.Of(item, visit.Opened.Sealed)));
            after = page.Next;
        }
        while (after is not null);
        var name = Encoding.UTF8.GetBytes($"{visit.Opened.Point}\n{visit.Opened.Run}\n{folder.Id}");
        return new MailFolderIndex(
            [.. messages.OrderBy(message => message.Date).ThenBy(message => message.Id, StringComparer.Ordinal)], BitConverter.ToUInt32(SHA256.HashData(name)) & 0x7FFF_FFFF | 1);
    }
}
