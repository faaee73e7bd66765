using System.Text.Json.Serialization;

namespace OrleansBackup.GraphSimulator.Faults;

/// <summary>What goes wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>The answer comes after <see cref="Fault.DelayMilliseconds"/>.</summary>
    Delay,

    /// <summary>An error answer with <see cref="Fault.Status"/>, <see cref="Fault.Code"/> and <see cref="Fault.Message"/>.</summary>
    Status,

    /// <summary>An answer with <see cref="Fault.Status"/> (default 503) and no body.</summary>
    EmptyBody,

    /// <summary>The request is carried out, its answer is lost: the connection ends.</summary>
    LostReply,

    /// <summary>The connection ends before anything is done.</summary>
    Reset,

    /// <summary>Half of the body, then the connection ends.</summary>
    CutBody,

    /// <summary>A length that is too short is announced: a clean answer with half of the body.</summary>
    WrongLength,

    /// <summary>JSON with a piece missing in its middle.</summary>
    CorruptJson,

    /// <summary>A 200 whose JSON breaks off into an error object.</summary>
    ErrorInBody,

    /// <summary>Raw control characters inside a JSON string.</summary>
    ControlCharacters,

    /// <summary>A list page without items, whose next link leads to the real one.</summary>
    EmptyPage,

    /// <summary>The items of a page twice.</summary>
    RepeatedItems,

    /// <summary>The items of a page in reverse.</summary>
    OutOfOrder,

    /// <summary>A list page without its items, that is otherwise as it should be: changes that are never told.</summary>
    ForgottenChanges,

    /// <summary>Items of a delta page with their ids and nothing else, as of things that are being changed at that moment.</summary>
    BlankItems,

    /// <summary>A removal of something never seen, at the start of a delta page; in a first round too.</summary>
    StrayRemoval,

    /// <summary>A delta page whose next link leads to itself, under another address each time: no delta link is ever reached.</summary>
    LoopingDelta,

    /// <summary>Delta tokens are dead: <see cref="Fault.Status"/> (default 410) and <see cref="Fault.Code"/> (default <c>SyncStateNotFound</c>).</summary>
    TokenDeath,

    /// <summary>The message <see cref="Fault.ItemId"/> cannot be read, and pages that hold it answer 500.</summary>
    BrokenItem,

    /// <summary>The item <see cref="Fault.ItemId"/> can be read and not exported.</summary>
    UnexportableItem,

    /// <summary>The attachments of <see cref="Fault.ItemId"/> never open (or only <see cref="Fault.AttachmentId"/>).</summary>
    BrokenAttachment,

    /// <summary>The caller's token is refused: 401 <c>InvalidAuthenticationToken</c>.</summary>
    TokenRevoked,

    /// <summary>The caller's permission is gone: 403 in the shape of the service.</summary>
    PermissionWithdrawn,
}

/// <summary>One order for trouble. All conditions that are given must hold.</summary>
public sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>HTTP method; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>Regular expression on the path after the version, with the query; null: any.</summary>
    public string? Path { get; init; }

    /// <summary>Tenant id; null: any.</summary>
    public string? Tenant { get; init; }

    /// <summary>User id of the mailbox; null: any.</summary>
    public string? Mailbox { get; init; }

    /// <summary>How often at most; null: for ever.</summary>
    public int? Count { get; init; }

    /// <summary>Matching requests to let through first.</summary>
    public int Skip { get; init; }

    /// <summary>Chance for each matching request, by <see cref="Seed"/>.</summary>
    public double Probability { get; init; } = 1;

    public ulong Seed { get; init; } = 1;
    public int? Status { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public int? RetryAfterSeconds { get; init; }
    public int? DelayMilliseconds { get; init; }

    /// <summary>A message id of either kind.</summary>
    public string? ItemId { get; init; }

    public string? AttachmentId { get; init; }

    internal TimeSpan? Delay => DelayMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}

/// <summary>An order and how often it was played.</summary>
public sealed record PlayedFault(int Id, Fault Fault, int Played, bool IsDone);
