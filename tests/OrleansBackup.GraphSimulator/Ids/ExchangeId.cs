using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.Ids;

/// <summary>What an Exchange id names.</summary>
public enum ExchangeIdKind : byte
{
    Folder = 1,
    Message = 2,
    ImmutableMessage = 3,
    Attachment = 4,
    ImmutableAttachment = 5,

    /// <summary>A calendar, calendar group, contact folder or task list: constant whatever is preferred.</summary>
    Container = 6,
    Item = 7,
    ImmutableItem = 8,

    /// <summary>One occurrence of a series: the number of the series, and the day as the second number.</summary>
    Occurrence = 9,
    ImmutableOccurrence = 10,
    ItemAttachment = 11,
    ImmutableItemAttachment = 12,

    /// <summary>An attachment of an occurrence: day and key share the second number.</summary>
    OccurrenceAttachment = 13,
    ImmutableOccurrenceAttachment = 14,
}

/// <summary>An id as Exchange makes them: opaque, case-sensitive, with <c>-</c>, <c>_</c> and <c>=</c> in it.</summary>
/// <remarks>It carries its mailbox and a check, so that a garbled id is told from one that names nothing.</remarks>
/// <param name="Kind">What it names.</param>
/// <param name="Mailbox">Whose mailbox.</param>
/// <param name="Number">Number of the folder, or of the message (changeable or immutable).</param>
/// <param name="Attachment">The attachment's key in the message; 0 for none.</param>
public readonly record struct ExchangeId(ExchangeIdKind Kind, Guid Mailbox, long Number, int Attachment = 0)
{
    private const int Length = 36;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[1] = IsImmutable ? (byte)9 : (byte)3;
        bytes[2] = IsImmutable ? (byte)0 : (byte)0x24;
        bytes[3] = (byte)Kind;
        Mailbox.TryWriteBytes(bytes[4..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], Number);
        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], Attachment);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[32..], (uint)StableHash.Of(bytes[..32]));
        return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
    }

    private bool IsImmutable => Kind is ExchangeIdKind.ImmutableMessage or ExchangeIdKind.ImmutableAttachment or ExchangeIdKind.ImmutableItem
        or ExchangeIdKind.ImmutableOccurrence or ExchangeIdKind.ImmutableItemAttachment or ExchangeIdKind.ImmutableOccurrenceAttachment;

    /// <summary>False for anything that this service never made.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ExchangeId? id)
    {
        id = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Length / 3 * 4 || text.AsSpan().ContainsAny('+', '/')
            || !Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/'), bytes, out var written) || written != Length)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]) != (uint)StableHash.Of(bytes[..32]))
            return false;
        id = new ExchangeId((ExchangeIdKind)bytes[3], new Guid(bytes[4..20]), BinaryPrimitives.ReadInt64BigEndian(bytes[20..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[28..]));
        return true;
    }
}
