using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Notices;

/// <summary>What a notice is about.</summary>
public enum NoticeKind
{
    /// <summary>New resources were found that do not join the backup by themselves.</summary>
    FoundUnprotected = 1,

    /// <summary>Something keeps the backup from doing what was promised.</summary>
    CriticalFault = 2,

    /// <summary>A fault that was told of is over.</summary>
    FaultEnded = 3,

    /// <summary>Something is going to happen that cannot be undone, unless somebody says no.</summary>
    ConsequenceAhead = 4,

    /// <summary>What happens to the contract: it is renewed, a notice was processed, the service may be suspended, it ends.</summary>
    ContractNews = 5,

    /// <summary>A restore that the customer asked for has ended. Whoever asked for it is told in any case.</summary>
    RestoreEnded = 6,

    /// <summary>The report of a month is made.</summary>
    ReportReady = 30,
}

/// <summary>The same said in both languages. Plain text, one line.</summary>
[GenerateSerializer, Immutable, Alias("both-languages")]
public sealed record BothLanguages([property: Id(0)] string Nl, [property: Id(1)] string En)
{
    public string In(NoticeLanguage language) => language == NoticeLanguage.Nl ? Nl : En;
}

/// <summary>A resource that a notice names.</summary>
[GenerateSerializer, Immutable, Alias("notice-resource")]
public sealed record NoticeResource([property: Id(0)] string LocalName, [property: Id(1)] ResourceKind Kind, [property: Id(2)] string Name, [property: Id(3)] string Address);

/// <summary>One thing that a customer is to be told, once.</summary>
/// <param name="Id">Ordered by time. Receivers drop by it what reaches them twice.</param>
/// <param name="Key">What it is about; what stands under one key is told once.</param>
/// <param name="DueAt">When it is sent; until then more of its kind may join it.</param>
/// <param name="Matter">What happened or will, in words of whoever raised it; null where the kind says everything.</param>
[GenerateSerializer, Immutable, Alias("notice")]
public sealed record Notice(
    [property: Id(0)] Guid Id,
    [property: Id(1)] NoticeKind Kind,
    [property: Id(2)] string Key,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset DueAt,
    [property: Id(5)] BothLanguages? Matter)
{
    /// <summary>More are named by their local name only.</summary>
    public const int MostInFull = 500;

    /// <summary>What it names, in the order of finding.</summary>
    [Id(6)] public ImmutableArray<NoticeResource> Resources { get; init; } = [];

    /// <summary>Local names of what it is about beyond those, so that each is told of once.</summary>
    [Id(7)] public ImmutableHashSet<string> Further { get; init; } = [];

    /// <summary>The fault that is over.</summary>
    [Id(8)] public Guid? Ends { get; init; }

    /// <summary>When what it announces happens.</summary>
    [Id(9)] public DateTimeOffset? HappensAt { get; init; }

    /// <summary>A contact who is told of it whatever kinds he chose; null: nobody.</summary>
    [Id(10)] public string? AlsoTo { get; init; }

    public int Count => Resources.Length + Further.Count;

    public bool Names(string localName) => Further.Contains(localName) || Resources.Any(resource => resource.LocalName == localName);

    public Notice With(IEnumerable<NoticeResource> more)
    {
        var (full, further) = (Resources.ToBuilder(), Further.ToBuilder());
        foreach (var resource in more)
            if (full.Count < MostInFull)
                full.Add(resource);
            else
                further.Add(resource.LocalName);
        return this with { Resources = full.ToImmutable(), Further = further.ToImmutable() };
    }
}
