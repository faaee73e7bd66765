namespace OrleansBackup.Vault;

/// <summary>What the service wants to find again about a tenant or a resource when its database is lost: names, plan, settings. The vault keeps
/// it encrypted and never looks into it.</summary>
/// <param name="Number">Grows with each card that is put.</param>
/// <param name="WrittenAt">When it was put.</param>
/// <param name="Text">What the service gave, JSON by convention.</param>
/// <param name="IsNewest">False: a newer card is there and cannot be read, so this one may be out of date.</param>
public sealed record VaultCard(long Number, DateTimeOffset WrittenAt, string Text, bool IsNewest)
{
    /// <summary>The most characters of a card.</summary>
    public const int MostCharacters = 64 << 10;
}
