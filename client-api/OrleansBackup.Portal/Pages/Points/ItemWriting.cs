using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>An item as a line of a list: who, what, when, whatever kind of thing it is.</summary>
internal static class ItemWriting
{
    private const int FewBytes = 1;

    /// <summary>Files and contacts by their names, everything else the newest first.</summary>
    public static ImmutableArray<ItemAtPoint> InOrder(ImmutableArray<ItemAtPoint> items) => items.Length > 0 && items[0].Kind is "file" or "contact" or "list-item" or "page" or "team-member"
        ? [.. items.OrderBy(item => item.Subject, StringComparer.OrdinalIgnoreCase)]
        : [.. items.OrderByDescending(TimeOf)];

    /// <summary>When it was, or begins; null: nobody knows.</summary>
    public static DateTimeOffset? TimeOf(ItemAtPoint item) =>
        item.Kind == "event" && item.Facts.TryGetValue("start", out var start) && DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begins) ? begins
        : item.Received ?? item.Sent;

    /// <summary>Under its title: who it is from, where it is, what it says of itself.</summary>
    public static string Beneath(ItemAtPoint item, PortalRequest portal)
    {
        string? Fact(string name) => item.Facts.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        return item.Kind switch
        {
            "message" => item.From,
            "event" => string.Join(" · ", new[] { Fact("location"), Fact("from") }.OfType<string>()),
            "contact" => string.Join(" · ", new[] { Fact("companyName"), Fact("jobTitle"), Fact("email") }.OfType<string>()),
            "task" => Fact("dueDateTime") is { } due && DateTimeOffset.TryParse(due, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? portal.Write.Moment(at) : "",
            "channel-message" => (Fact("post") is null ? "" : "↳ ") + (Fact("from") ?? ""),
            _ => Fact("from") ?? "",
        };
    }

    /// <summary>Null: its size says nothing to a person.</summary>
    public static string? SizeOf(ItemAtPoint item, PortalRequest portal) => item.Kind is "message" or "file" && item.Size >= FewBytes ? portal.Write.Bytes(item.Size) : null;

    /// <summary>Its title; what has none is told so.</summary>
    public static string TitleOf(ItemAtPoint item, PortalRequest portal) => item.Subject.Length > 0 ? item.Subject : portal.Texts["point.no-subject"];

    /// <summary>A kind of item or folder in words; one that a later release has stays as it is.</summary>
    public static string KindOf(string kind, PortalRequest portal) => portal.Texts.Has($"point.kind-{kind}") ? portal.Texts[$"point.kind-{kind}"] : kind;
}
