namespace OrleansBackup.Microsoft365.Teams;

/// <summary>Kinds of loss when teams and what was said in them are put back. Stored in outcomes: a word, once used, keeps its meaning.</summary>
public static class TeamLossKind
{
    /// <summary>It is a file of HTML in the channel's folder, and no message; <c>Name</c> is the file.</summary>
    public const string AsArchive = "asArchive";

    /// <summary>Reactions; <c>Count</c> how many.</summary>
    public const string Reactions = "reactions";

    /// <summary>Mentions are plain text; <c>Count</c> how many.</summary>
    public const string Mentions = "mentions";

    /// <summary>Cards, quoted messages and the like, which cannot be imported; <c>Count</c> how many.</summary>
    public const string Cards = "cards";

    /// <summary>A picture in the message; the backup does not have it or the service does not take it.</summary>
    public const string Picture = "picture";

    /// <summary>The time is a little later than it was, since two messages of a chain cannot have the same one.</summary>
    public const string Time = "time";

    /// <summary>The post that it answered is not in the backup; it is a post now.</summary>
    public const string Chain = "chain";

    /// <summary>That and when it was edited.</summary>
    public const string Edited = "edited";
}
