using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Admin;

namespace OrleansBackup.Grains.Tests.Mailboxes.Exports;

/// <summary>Everything that the simulator knows of an item but what names it and its last writing: equal text means an equal item.</summary>
internal static class Exactness
{
    private static readonly string[] OfMessage = ["id", "@odata.etag", "changeKey", "lastModifiedDateTime", "parentFolderId", "webLink"];

    public static string Of(StateMessage message)
    {
        var properties = JsonNode.Parse(message.Properties.GetRawText())!.AsObject();
        foreach (var name in OfMessage)
            properties.Remove(name);
        return $"{properties.ToJsonString()} {message.MimeSha256} {string.Join(';', message.ExtendedProperties.OrderBy(pair => pair.Key, StringComparer.Ordinal))} {Of(message.Attachments)}";
    }

    public static string Of(StateItem item) =>
        $"{item.Kind} {item.Held.GetRawText()} {item.Properties.GetProperty("createdDateTime").GetRawText()} {item.PhotoSha256} {Of(item.Attachments)} {string.Join(',', item.Cancelled)} "
        + $"{string.Join('|', item.Exceptions.Select(exception => $"{exception.Day} {exception.Held.GetRawText()} {Of(exception.Attachments)}"))} "
        + string.Join(';', item.ExtendedProperties.OrderBy(pair => pair.Key, StringComparer.Ordinal));

    private static string Of(IReadOnlyList<StateAttachment> attachments) =>
        string.Join('|', attachments.Select(attachment => $"{attachment.Name} {attachment.ContentType} {attachment.IsInline} {attachment.ContentId} {attachment.Kind} {attachment.Sha256} {attachment.Length}"));
}
