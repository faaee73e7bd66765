namespace OrleansBackup.GraphSimulator.Content;

/// <summary>What a message says: its MIME bytes and what Graph shows of them. Immutable, and the same on every call.</summary>
public abstract class MessageContent
{
    /// <summary>What Graph shows as JSON.</summary>
    public abstract MessageDetail Detail { get; }

    /// <summary>The Graph type if it is not a plain message, such as <c>#microsoft.graph.eventMessageRequest</c>.</summary>
    public virtual string? ODataType => null;

    /// <summary>The exact bytes that <c>$value</c> answers.</summary>
    public abstract ReadOnlyMemory<byte> ToMime();

    /// <summary>Properties that were set by id through the API; empty for mail that arrived.</summary>
    public virtual IReadOnlyDictionary<string, string> ExtendedProperties => EmptyProperties;

    private static readonly Dictionary<string, string> EmptyProperties = [];
}
