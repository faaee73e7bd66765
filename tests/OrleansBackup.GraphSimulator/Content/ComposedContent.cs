namespace OrleansBackup.GraphSimulator.Content;

/// <summary>A message composed from properties (posted as JSON, or an edited draft); its MIME is made when it is asked for.</summary>
public sealed class ComposedContent(MessageDetail detail, ulong seed, string? received, IReadOnlyDictionary<string, string> extended) : MessageContent
{
    public override MessageDetail Detail => detail;

    public override IReadOnlyDictionary<string, string> ExtendedProperties => extended;

    /// <summary>Makes the MIME boundaries; kept over edits.</summary>
    public ulong Seed => seed;

    /// <summary>The line that the receiving server put above the message; null: none did.</summary>
    public string? Received => received;

    public override string? ODataType => detail.ODataType;

    public override ReadOnlyMemory<byte> ToMime() => MimeWriter.Write(detail, seed, received);

    /// <summary>The same message with other properties.</summary>
    public ComposedContent With(MessageDetail changed, IReadOnlyDictionary<string, string>? properties = null) =>
        new(changed, seed, received, properties ?? extended);

    /// <summary>Any message as composed content, to be edited.</summary>
    public static ComposedContent From(MessageContent content, ulong seed) =>
        content as ComposedContent ?? new ComposedContent(content.Detail, seed, received: null, content.ExtendedProperties);
}
