using System.Runtime.InteropServices;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Imap.Mime;
using OrleansBackup.TimeTravel.Imap.Parsing;

namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>Bytes to send: at hand, or a stretch of the message that is read while it is sent.</summary>
internal sealed record Stretch(ReadOnlyMemory<byte> AtHand, long From, long Length)
{
    public bool IsAtHand => From < 0;

    public static Stretch Of(ReadOnlyMemory<byte> bytes) => new(bytes, -1, bytes.Length);

    public static Stretch Between(long from, long to) => new(default, from, Math.Max(0, to - from));

    /// <summary>From a byte of it on, so many at most.</summary>
    public Stretch Cut(uint from, uint? length)
    {
        var start = Math.Min(from, Length);
        var count = Math.Min(length ?? long.MaxValue, Length - start);
        return IsAtHand ? Of(AtHand.Slice((int)start, (int)count)) : new Stretch(default, From + start, count);
    }
}

/// <summary>Reads messages of an opened point, as little of each as is asked for. What was found of the last few is kept.</summary>
internal sealed class MessageReader(IRestorePointGrain point)
{
    private const int LongestHeader = 1024 * 1024, KeptStructures = 32, FirstPiece = 64 * 1024;

    private readonly Dictionary<string, MimePart> _structures = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private (string Id, byte[] Header)? _header;

    /// <summary>Bytes of messages that were read to answer; what is sent to the program is not among them.</summary>
    public long Read { get; private set; }

    /// <summary>The header as it was written, the empty line that ends it included.</summary>
    public async Task<byte[]> HeaderAsync(IndexedMessage message, CancellationToken cancellation)
    {
        if (_header is { } last && last.Id == message.Id)
            return last.Header;
        var (bytes, end) = (new List<byte>(), -1);
        for (long at = 0, piece = FirstPiece; end < 0 && at < message.Size && bytes.Count < LongestHeader; at = bytes.Count, piece *= 4)
        {
            await foreach (var part in message.ReadAsync(point, at, piece, cancellation))
                bytes.AddRange(part.Span);
            if (bytes.Count == at)
                break;
            end = EndOfHeader(CollectionsMarshal.AsSpan(bytes));
        }
        Read += bytes.Count;
        var header = CollectionsMarshal.AsSpan(bytes)[..(end < 0 ? bytes.Count : end)].ToArray();
        _header = (message.Id, header);
        return header;
    }

    public async Task<MimePart> StructureAsync(IndexedMessage message, CancellationToken cancellation)
    {
        if (_structures.TryGetValue(message.Id, out var known))
            return known;
        var structure = await MimeScanner.ReadAsync(message.ReadAsync(point, 0, message.Size, cancellation), cancellation);
        Read += message.Size;
        _structures[message.Id] = structure;
        _order.Enqueue(message.Id);
        if (_order.Count > KeptStructures)
            _structures.Remove(_order.Dequeue());
        return structure;
    }

    /// <returns>Null: the message has no such part.</returns>
    public async Task<Stretch?> SectionAsync(IndexedMessage message, Section section, CancellationToken cancellation)
    {
        if (section.Part.IsEmpty)
            return section.Text switch
            {
                SectionText.All => Stretch.Between(0, message.Size),
                SectionText.Text => Stretch.Between((await HeaderAsync(message, cancellation)).Length, message.Size),
                SectionText.Header => Stretch.Of(await HeaderAsync(message, cancellation)),
                _ => Fields(MimeHeader.Parse(await HeaderAsync(message, cancellation)), section),
            };
        if ((await StructureAsync(message, cancellation)).Find(section.Part) is not { } part)
            return null;
        return (section.Text, part.Message) switch
        {
            (SectionText.All, _) => Stretch.Between(part.BodyStart, part.BodyEnd),
            (SectionText.Mime, _) => Stretch.Between(part.HeaderStart, part.BodyStart),
            (_, null) => null, // only what is a message has a header and a text (section 6.4.5)
            (SectionText.Header, { } held) => Stretch.Between(held.HeaderStart, held.BodyStart),
            (SectionText.Text, { } held) => Stretch.Between(held.BodyStart, held.BodyEnd),
            (_, { } held) => Fields(held.Header, section),
        };
    }

    private static Stretch Fields(MimeHeader header, Section section) => Stretch.Of(header.Subset(section.Fields, section.Text == SectionText.HeaderFieldsNot));

    /// <returns>The place behind the first empty line; -1: there is none yet.</returns>
    private static int EndOfHeader(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var line = bytes[at..].IndexOf((byte)'\n');
            if (line < 0)
                return -1;
            if (bytes.Slice(at, line) is [] or [(byte)'\r'])
                return at + line + 1;
            at += line + 1;
        }
        return -1;
    }
}
