using System.Text.Json;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>A calendar, a group of calendars, a contact folder or a task list.</summary>
/// <param name="ParentId">The container it lies in; null at the top.</param>
/// <param name="WellKnownName">What it is, whatever it is called there: <c>default</c> for the one that everybody has; null for others.</param>
/// <param name="IsGroup">It holds calendars, not events.</param>
/// <param name="Json">As the service sent it.</param>
public sealed record ItemContainer(string Id, string Name, string? ParentId, string? WellKnownName, bool IsGroup, ReadOnlyMemory<byte> Json)
{
    /// <summary>The one that every mailbox has.</summary>
    public const string Default = "default";

    /// <summary>A group of calendars; the first is the default one.</summary>
    internal static ItemContainer? Read(ReadOnlyMemory<byte> json, string nameProperty, Func<JsonElement, bool> isDefault, string? parentId, bool isGroup = false)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        return TolerantJson.GetText(root, "id") is { Length: > 0 } id
            ? new ItemContainer(id, TolerantJson.GetText(root, nameProperty) ?? "", parentId, isDefault(root) ? Default : null, isGroup, json)
            : null;
    }
}
