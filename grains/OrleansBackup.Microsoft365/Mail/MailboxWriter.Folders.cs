using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Takes folders away again that were made for a while.</summary>
public sealed partial class MailboxWriter
{
    /// <summary>Deletes, with everything in them, the folders of that name at the top of the mailbox: not into the deleted items, where people would find them.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> PurgeTopFoldersAsync(string displayName, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        var folders = new FolderWriter(_client, _requests);
        for (var gone = 0; ; gone++)
        {
            if (await folders.FindAsync("msgfolderroot", displayName, StringComparison.Ordinal, cancellation) is not { } folder) return gone;
            try
            {
                await _client.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.FolderPath(folder.Id)}/permanentDelete", RequestSubject.Folder), cancellation);
            }
            catch (FolderGoneException)
            {
                // What was wanted.
            }
        }
    }
}
