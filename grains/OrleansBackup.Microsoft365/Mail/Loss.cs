namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Something of a message that could not be put back as it was: as data for programs, and in a sentence for people.</summary>
/// <param name="Kind">One of <see cref="LossKind"/>.</param>
/// <param name="Name">What of the message, where the kind alone does not say it: a property of Graph, an attachment, a folder.</param>
/// <param name="Count">How many, where it is about several.</param>
public sealed record Loss(string Kind, string Text, string? Name = null, int? Count = null);

/// <summary>The kinds. They are stored and answered: a word, once used, keeps its meaning.</summary>
public static class LossKind
{
    /// <summary>Addresses that the service does not take; <c>Name</c> is the property, <c>Count</c> how many.</summary>
    public const string Addresses = "addresses";

    /// <summary>Start, due date and completion of the flag.</summary>
    public const string FlagDates = "flagDates";

    /// <summary>A draft is dated with the moment of the restore.</summary>
    public const string DraftDates = "draftDates";

    /// <summary>The original header lines.</summary>
    public const string Headers = "headers";

    /// <summary>A meeting request or another special message is a plain one now; <c>Name</c> is what it was.</summary>
    public const string MessageClass = "messageClass";

    /// <summary>The text is an attachment now; <c>Name</c> is its name.</summary>
    public const string TextAttached = "textAttached";

    /// <summary>An attachment is not there; <c>Name</c> is its name.</summary>
    public const string Attachment = "attachment";

    /// <summary>An attachment had no name; <c>Name</c> is the one that it has now.</summary>
    public const string AttachmentName = "attachmentName";

    /// <summary>An attached item is there with its properties, not with the bytes of its MIME form.</summary>
    public const string AttachedItemBytes = "attachedItemBytes";

    /// <summary>An attached item is a file now; <c>Name</c> is its name.</summary>
    public const string AttachedItemAsFile = "attachedItemAsFile";
}
