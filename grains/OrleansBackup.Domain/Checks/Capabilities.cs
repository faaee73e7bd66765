using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Checks;

/// <summary>What the backup of a tenant can do, as a set of tokens, so that a thing that it could do and cannot any more is seen. Pure.</summary>
/// <remarks>Tokens are stored: <c>permission:Mail.Read</c> (granted), <c>part:calendar</c> (no resource lacks it), <c>kind:mailbox</c> (some of it is protected).</remarks>
public static class Capabilities
{
    private static readonly ImmutableSortedDictionary<string, BothLanguages> Parts = new Dictionary<string, BothLanguages>
    {
        ["mail"] = new("e-mail", "mail"),
        ["calendar"] = new("agenda's", "calendars"),
        ["contacts"] = new("contactpersonen", "contacts"),
        ["tasks"] = new("taken", "tasks"),
        ["drive"] = new("bestanden van OneDrive", "files of OneDrive"),
        ["site"] = new("gegevens van sites", "data of sites"),
        ["lists"] = new("lijsten van sites", "lists of sites"),
        ["pages"] = new("pagina's van sites", "pages of sites"),
        ["libraries"] = new("documentbibliotheken", "document libraries"),
        ["team"] = new("instellingen en leden van teams", "settings and members of teams"),
        ["channels"] = new("kanalen van teams", "channels of teams"),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <param name="granted">Names of permissions.</param>
    /// <param name="kinds">Of which something is protected.</param>
    /// <param name="lacking">Parts that some resource's newest point lacks.</param>
    public static ImmutableSortedSet<string> Of(IEnumerable<string> granted, IEnumerable<ResourceKind> kinds, IEnumerable<string> lacking) =>
        granted.Select(name => $"permission:{name}").Concat(kinds.Distinct().Select(kind => $"kind:{kind.Token()}")).Concat(Parts.Keys.Except(lacking).Select(part => $"part:{part}"))
            .ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>What is gone.</summary>
    /// <param name="before">Null: not known, and nothing is lost then.</param>
    public static ImmutableArray<string> Lost(ImmutableSortedSet<string>? before, ImmutableSortedSet<string> now) => before is null ? [] : [.. before.Except(now).Order(StringComparer.Ordinal)];

    /// <summary>A token in words.</summary>
    public static BothLanguages NameOf(string token)
    {
        var (what, name) = token.Split(':', 2) is [var first, var second] ? (first, second) : ("", token);
        return what switch
        {
            "permission" => new($"machtiging {name}", $"permission {name}"),
            "part" => Parts.GetValueOrDefault(name) ?? new(name, name),
            "kind" when ResourceKinds.TryFromToken(name, out var kind) => new($"alle {DutchPlural(kind)}", $"all {kind.Plural()}"),
            _ => new(name, name),
        };
    }

    public static string DutchPlural(ResourceKind kind) => kind switch
    {
        ResourceKind.Mailbox => "postvakken",
        ResourceKind.OneDrive => "OneDrives",
        ResourceKind.Site => "sites",
        ResourceKind.Team => "teams",
        ResourceKind.GroupMailbox => "groepsgesprekken",
        ResourceKind.Archives => "onlinearchieven",
        ResourceKind.PublicFolders => "openbare mappen",
        ResourceKind.Chats => "chats",
        _ => kind.ToString(),
    };
}
