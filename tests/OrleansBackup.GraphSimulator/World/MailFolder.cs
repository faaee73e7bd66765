namespace OrleansBackup.GraphSimulator.World;

/// <summary>One mail folder: its versions, the messages in it now and the log that message delta reads.</summary>
public sealed class MailFolder(int number, string? wellKnownName)
{
    private MailMessage[]? _sorted;

    /// <summary>The folder's number in its mailbox; its id (the same for both id kinds) is made from it.</summary>
    public int Number { get; } = number;

    /// <summary>Graph's well-known name in lower case, or null.</summary>
    public string? WellKnownName { get; } = wellKnownName;

    /// <summary>A search folder shows the messages of other folders and holds none.</summary>
    public bool IsSearchFolder { get; init; }

    public FolderVersion Latest { get; internal set; } = null!;

    /// <summary>Sequence of the last change of the folder or of its counts; folder delta reports it from there.</summary>
    internal long LastTouched { get; set; }

    internal List<FolderLogEntry> Log { get; } = [];
    internal HashSet<MailMessage> Messages { get; } = [];
    internal int Unread { get; set; }

    /// <summary>The folder is reachable from the top of the mailbox; Recoverable Items are not.</summary>
    internal bool IsInTree => WellKnownName == "msgfolderroot" || Latest.Parent?.IsInTree == true;

    internal void Changed() => _sorted = null;

    /// <summary>The messages by arrival, newest first: the order of a plain list. Call under the mailbox's lock.</summary>
    internal MailMessage[] Sorted() => _sorted ??= [.. Messages
        .OrderByDescending(message => message.Latest.ReceivedAt).ThenByDescending(message => message.Number)];

    /// <summary>The version that was true at <paramref name="time"/>; null when the folder did not exist yet.</summary>
    public FolderVersion? At(DateTimeOffset time)
    {
        var version = Latest;
        while (version is not null && version.At > time)
            version = version.Previous;
        return version;
    }
}

/// <summary>A folder as it was from one change to the next. Immutable.</summary>
public sealed record FolderVersion(MailFolder Folder, FolderVersion? Previous, long Sequence, DateTimeOffset At,
    string DisplayName, MailFolder? Parent, bool IsHidden, bool IsDeleted);

/// <summary>One line of a folder's change log.</summary>
/// <param name="Version">The version that caused the line.</param>
/// <param name="Left">The message left the folder with this version.</param>
/// <param name="MutableNumber">Number of the id that the message has, or had, in this folder.</param>
internal readonly record struct FolderLogEntry(MessageVersion Version, bool Left, long MutableNumber)
{
    public long Sequence => Version.Sequence;
}
