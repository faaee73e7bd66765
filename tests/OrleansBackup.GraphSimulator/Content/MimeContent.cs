namespace OrleansBackup.GraphSimulator.Content;

/// <summary>A message given as MIME bytes: they are kept as they are, and read once.</summary>
public sealed class MimeContent(ReadOnlyMemory<byte> mime, MimePart? parsed = null) : MessageContent
{
    private MessageDetail? _detail;

    public override MessageDetail Detail => _detail ??= MimeReading.ToDetail(parsed ?? MimeParser.Parse(mime));

    public override string? ODataType => Detail.ODataType;

    public override ReadOnlyMemory<byte> ToMime() => mime;
}
