using System.Text.Json;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Writes a folder as Graph's <c>mailFolder</c>.</summary>
internal static class FolderJson
{
    public const string TypeName = "microsoft.graph.mailFolder";
    private static readonly string[] Names = ["id", "displayName", "parentFolderId", "childFolderCount", "unreadItemCount", "totalItemCount", "isHidden"];

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Writes one folder as an object. Call within the mailbox's lock.</summary>
    public static void Write(Utf8JsonWriter json, Mailbox mailbox, MailFolder folder, IReadOnlySet<string>? select)
    {
        json.WriteStartObject();
        if (folder.IsSearchFolder)
            json.WriteString("@odata.type", "#microsoft.graph.mailSearchFolder");
        json.WriteString("id", MailAccess.FolderId(mailbox, folder));
        if (Wants("displayName"))
            json.WriteString("displayName", folder.Latest.DisplayName);
        if (Wants("parentFolderId"))
            json.WriteString("parentFolderId", MailAccess.FolderId(mailbox, folder.Latest.Parent ?? folder));
        if (Wants("childFolderCount"))
            json.WriteNumber("childFolderCount", mailbox.Children(folder).Count(child => !child.Latest.IsHidden));
        if (Wants("unreadItemCount"))
            json.WriteNumber("unreadItemCount", folder.Unread);
        if (Wants("totalItemCount"))
            json.WriteNumber("totalItemCount", folder.Messages.Count);
        if (Wants("isHidden"))
            json.WriteBoolean("isHidden", folder.Latest.IsHidden);
        json.WriteEndObject();

        bool Wants(string name) => select is null || select.Contains(name);
    }
}
