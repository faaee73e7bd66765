namespace OrleansBackup.GraphSimulator.Content;

/// <summary>An attachment: a file, or another message.</summary>
/// <param name="Key">Its number in the message; never reused there.</param>
public sealed record MailAttachment(int Key, string Name, string? ContentType, bool IsInline, string? ContentId, AttachmentBytes Bytes)
{
    public string? ContentLocation { get; init; }

    /// <summary>The nested message of an item attachment; null for a file.</summary>
    public MessageContent? Item { get; init; }
}

/// <summary>An attachment's bytes, held or made when they are asked for.</summary>
public abstract class AttachmentBytes
{
    public abstract int Length { get; }
    public abstract ReadOnlyMemory<byte> Read();
}

/// <summary>Bytes in memory.</summary>
public sealed class HeldBytes(ReadOnlyMemory<byte> bytes) : AttachmentBytes
{
    public override int Length => bytes.Length;
    public override ReadOnlyMemory<byte> Read() => bytes;
}
