using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What can happen to a mailbox. <c>at</c> defaults to the clock and is never before the last event.</summary>
public sealed partial class Mailbox
{
    /// <summary>Makes a folder; names need not be unique here, the API refuses duplicates.</summary>
    public MailFolder CreateFolder(string displayName, MailFolder? parent, bool isHidden = false, string? wellKnownName = null,
        DateTimeOffset? at = null, bool isSearchFolder = false) => Read(() =>
    {
        var folder = new MailFolder(_folders.Count + 1, wellKnownName) { IsSearchFolder = isSearchFolder };
        var (sequence, time) = Next(at);
        folder.Latest = new FolderVersion(folder, null, sequence, time, displayName, parent, isHidden, IsDeleted: false);
        folder.LastTouched = sequence;
        _folders.Add(folder.Number, folder);
        if (wellKnownName is not null)
            _wellKnown.Add(wellKnownName, folder);
        Touch(parent, sequence);
        return folder;
    });

    /// <summary>Renames or moves a folder.</summary>
    public FolderVersion ChangeFolder(MailFolder folder, string? displayName = null, MailFolder? parent = null, DateTimeOffset? at = null) =>
        Read(() =>
        {
            var (sequence, time) = Next(at);
            Touch(folder.Latest.Parent, sequence);
            Touch(parent, sequence);
            return Append(folder, folder.Latest with
            {
                DisplayName = displayName ?? folder.Latest.DisplayName,
                Parent = parent ?? folder.Latest.Parent,
                Sequence = sequence,
                At = time,
            });
        });

    /// <summary>Deletes a folder with all below it. Its messages go to Recoverable Items, or for good when <paramref name="hard"/>.</summary>
    /// <returns>How many messages went with it.</returns>
    public int DeleteFolder(MailFolder folder, bool hard, DateTimeOffset? at = null) => Read(() =>
    {
        var count = 0;
        foreach (var child in Children(folder).ToList())
            count += DeleteFolder(child, hard, at);
        foreach (var message in folder.Messages.ToList())
        {
            Delete(message, hard, at);
            count++;
        }
        var (sequence, time) = Next(at);
        Touch(folder.Latest.Parent, sequence);
        Append(folder, folder.Latest with { IsDeleted = true, Sequence = sequence, At = time });
        return count;
    });

    /// <summary>Puts a message into a folder.</summary>
    public MessageVersion Add(NewMessage draft, DateTimeOffset? at = null) => Read(() =>
    {
        var (sequence, time) = Next(at);
        var message = new MailMessage(++_lastNumber);
        var version = new MessageVersion
        {
            Message = message,
            Sequence = sequence,
            At = time,
            Folder = draft.Folder,
            MutableNumber = message.Number,
            Content = draft.Content,
            CreatedAt = draft.CreatedAt ?? time,
            ReceivedAt = draft.ReceivedAt ?? time,
            SentAt = draft.SentAt ?? draft.ReceivedAt ?? time,
            IsRead = draft.IsRead,
            IsDraft = draft.IsDraft,
            Flag = draft.Flag ?? FollowupFlag.None,
            Categories = draft.Categories,
            Importance = draft.Importance,
            InferenceClassification = draft.InferenceClassification,
        };
        _messages.Add(message.Number, message);
        Place(version, before: null);
        return version;
    });

    /// <summary>Changes a message in place (read, flag, categories, content).</summary>
    public MessageVersion Change(MailMessage message, Func<MessageVersion, MessageVersion> change, DateTimeOffset? at = null) => Read(() =>
    {
        var before = message.Latest;
        var (sequence, time) = Next(at);
        var after = change(before) with { Previous = before, Sequence = sequence, At = time, Folder = before.Folder };
        Place(after, before);
        return after;
    });

    /// <summary>Moves a message: its changeable id changes, its immutable id does not.</summary>
    public MessageVersion Move(MailMessage message, MailFolder to, DateTimeOffset? at = null) => Read(() =>
    {
        var before = message.Latest;
        if (before.Folder == to)
            return before;
        var (sequence, time) = Next(at);
        var after = before with { Previous = before, Sequence = sequence, At = time, Folder = to, MutableNumber = ++_lastNumber };
        _moved.Remove(before.MutableNumber);
        _moved.Add(after.MutableNumber, message);
        Place(after, before);
        return after;
    });

    /// <summary>Deletes a message: to Recoverable Items, or for good when <paramref name="hard"/> or when it lies there already.</summary>
    public void Delete(MailMessage message, bool hard, DateTimeOffset? at = null) => Read(() =>
    {
        var before = message.Latest;
        var recoverable = _wellKnown["recoverableitemsdeletions"];
        if (!hard && before.Folder != recoverable)
            return Move(message, recoverable, at);
        var (sequence, time) = Next(at);
        var after = before with { Previous = before, Sequence = sequence, At = time, Folder = null };
        _moved.Remove(before.MutableNumber);
        Place(after, before);
        return after;
    });

    private static void Place(MessageVersion after, MessageVersion? before)
    {
        var left = before?.Folder is { } old && old != after.Folder ? old : null;
        if (left is not null)
        {
            left.Messages.Remove(after.Message);
            left.Log.Add(new FolderLogEntry(after, Left: true, before!.MutableNumber));
            left.Unread -= before.IsRead ? 0 : 1;
            Touch(left, after.Sequence);
        }
        after.Message.Latest = after;
        if (after.Folder is not { } folder)
            return;
        folder.Messages.Add(after.Message);
        folder.Log.Add(new FolderLogEntry(after, Left: false, after.MutableNumber));
        var wasUnreadHere = before?.Folder == folder && !before.IsRead;
        folder.Unread += (after.IsRead ? 0 : 1) - (wasUnreadHere ? 1 : 0);
        Touch(folder, after.Sequence);
    }

    private static FolderVersion Append(MailFolder folder, FolderVersion version)
    {
        folder.Latest = version with { Previous = folder.Latest };
        folder.LastTouched = version.Sequence;
        return folder.Latest;
    }

    private static void Touch(MailFolder? folder, long sequence)
    {
        if (folder is null)
            return;
        folder.LastTouched = sequence;
        folder.Changed();
    }
}
