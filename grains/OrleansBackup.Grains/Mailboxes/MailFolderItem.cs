using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>From a mail folder as Graph lists it to what stands in the item table.</summary>
internal static class MailFolderItem
{
    public static FolderItem Of(MailFolder folder) =>
        new(folder.Id, folder.ParentFolderId, folder.DisplayName, folder.IsHidden, folder.WellKnownName);
}
