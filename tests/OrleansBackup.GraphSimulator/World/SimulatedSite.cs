using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What a site is for; it decides in which listings it shows.</summary>
public enum SiteKind
{
    Team,
    Communication,

    /// <summary>The site of a private or shared channel.</summary>
    Channel,

    /// <summary>A OneDrive's site.</summary>
    Personal,

    /// <summary>Below another site; no listing of the tenant has it.</summary>
    Subsite,
}

/// <summary>A SharePoint site: its lists with their items, its pages, and who may use it.</summary>
public sealed class SimulatedSite(string id, SiteKind kind, SimulatorClock clock, Action<SimulatedSite>? fill = null)
{
    private readonly ConcurrentDictionary<string, ChronicleBook<ListItemState>> _items = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private Action<SimulatedSite>? _fill = fill;

    /// <summary>Host, site collection and web, with commas between.</summary>
    public string Id { get; } = id;

    public SiteKind Kind { get; } = kind;

    /// <summary>The last part of its address.</summary>
    public required string Name { get; init; }

    /// <summary>Occurs without.</summary>
    public string? DisplayName { get; set; }

    public string? Description { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The site that this one lies below.</summary>
    public SimulatedSite? Parent { get; init; }

    /// <summary>The group whose site it is.</summary>
    public Guid? GroupId { get; init; }

    /// <summary><c>recentlyArchived</c>, <c>fullyArchived</c> or <c>reactivating</c>: such a site is listed and cannot be read.</summary>
    public string? ArchiveStatus { get; set; }

    /// <summary>Why the site cannot be used; null when it can.</summary>
    public MailboxRefusal? Refusal { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>The code in a 410: the service has more than one.</summary>
    public string ResyncCode { get; set; } = "resyncChangesApplyDifferences";

    /// <summary>The address in a 410 answers 500.</summary>
    public bool BreaksResyncAddress { get; set; }

    public ChronicleBook<SiteListState> Lists => Filled(_lists);

    public ChronicleBook<SitePageState> Pages => Filled(_pages);

    /// <summary>What applications may do here; Graph tells of nobody else's rights to a site.</summary>
    public ImmutableArray<SitePermission> Permissions { get; set; } = [];

    /// <summary>The items of one list; also of a list that is gone.</summary>
    public ChronicleBook<ListItemState> Items(string listId) => Filled(_items.GetOrAdd(listId, _ => new ChronicleBook<ListItemState>(clock)));

    private readonly ChronicleBook<SiteListState> _lists = new(clock);
    private readonly ChronicleBook<SitePageState> _pages = new(clock);

    private T Filled<T>(T collection)
    {
        lock (_lock)
        {
            if (_fill is { } fill)
            {
                _fill = null; // first, because filling calls back
                fill(this);
            }
        }
        return collection;
    }
}

/// <summary>A list's definition. Immutable.</summary>
public sealed record SiteListState
{
    public required string Name { get; init; }

    /// <summary>No two lists of a site share one.</summary>
    public required string DisplayName { get; init; }

    public string Description { get; init; } = "";

    /// <summary><c>genericList</c>, <c>documentLibrary</c>, <c>events</c>, <c>tasks</c>…</summary>
    public string Template { get; init; } = "genericList";

    public bool IsHidden { get; init; }

    /// <summary>Made and kept by the service; shown only to those who ask for <c>system</c>.</summary>
    public bool IsSystem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public ImmutableArray<ListColumn> Columns { get; init; } = [];
    public ImmutableArray<string> ContentTypes { get; init; } = ["Item"];
}

/// <summary>A column of a list.</summary>
/// <param name="Facet">Exactly one of Graph's: <c>text</c>, <c>choice</c>, <c>number</c>…</param>
/// <param name="FacetJson">What the facet says, as JSON.</param>
public sealed record ListColumn(string Id, string Name, string DisplayName, string Facet, string FacetJson)
{
    public bool IsReadOnly { get; init; }
    public bool IsRequired { get; init; }
    public bool IsHidden { get; init; }

    /// <summary>Holds several values.</summary>
    public bool IsMultiple { get; init; }
}

/// <summary>An item of a list. Immutable.</summary>
public sealed record ListItemState
{
    /// <summary>By name, each as JSON.</summary>
    public ImmutableSortedDictionary<string, string> Fields { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public bool IsFolder { get; init; }
    public bool HasAttachments { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public required string CreatedBy { get; init; }
    public required string ModifiedBy { get; init; }

    /// <summary>The service fails on this item for ever.</summary>
    public bool IsBroken { get; init; }
}

/// <summary>A modern page. Immutable.</summary>
public sealed record SitePageState
{
    public required string Name { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public string Layout { get; init; } = "article";
    public string PromotionKind { get; init; } = "page";
    public bool ShowComments { get; init; } = true;
    public bool ShowRecommendedPages { get; init; }

    /// <summary>JSON, or null.</summary>
    public string? TitleArea { get; init; }

    /// <summary>JSON of sections, columns and web parts, or null.</summary>
    public string? Canvas { get; init; }

    /// <summary>Otherwise checked out.</summary>
    public bool IsPublished { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public required string CreatedBy { get; init; }
    public required string ModifiedBy { get; init; }

    /// <summary>Made with the old editor: listed, and without canvas for ever.</summary>
    public bool IsBroken { get; init; }
}

/// <summary>An application's right to a site.</summary>
public sealed record SitePermission(string Id, string Role, string ApplicationId, string ApplicationName);
