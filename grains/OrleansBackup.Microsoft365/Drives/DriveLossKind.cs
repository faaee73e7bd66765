namespace OrleansBackup.Microsoft365.Drives;

/// <summary>Kinds of loss of what lies in a drive. They are stored and answered: a word, once used, keeps its meaning.</summary>
public static class DriveLossKind
{
    /// <summary>Somebody who may not see the item any more; <c>Name</c> says who.</summary>
    public const string Permission = "permission";

    /// <summary>A sharing link has another address now; <c>Name</c> is its kind.</summary>
    public const string LinkAddress = "linkAddress";

    /// <summary>A sharing link has no password now.</summary>
    public const string LinkPassword = "linkPassword";

    /// <summary>The item has another name; <c>Name</c> is the one that it had.</summary>
    public const string Name = "name";

    /// <summary>Author and last editor are the application now.</summary>
    public const string Authors = "authors";

    /// <summary>A notebook is a folder with its files.</summary>
    public const string Package = "package";

    /// <summary>The dates could not be put back.</summary>
    public const string Dates = "dates";

    /// <summary>The bytes were never handed over; <c>Name</c> is the reason.</summary>
    public const string Content = "content";

    /// <summary>The service changed the file after it had arrived, as libraries do with Office files.</summary>
    public const string ChangedByService = "changedByService";
}
