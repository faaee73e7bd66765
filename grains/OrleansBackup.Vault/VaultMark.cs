using System.Globalization;

namespace OrleansBackup.Vault;

/// <summary>How far a resource's log had come. Who keeps it outside the store notices when the store is set back to an earlier time.</summary>
/// <remarks>A store that was put back from an old copy, or robbed of its newest objects, is a whole vault of that time: nothing in it can tell. The text
/// form is stable.</remarks>
/// <param name="Sequence">The newest segment; 0: none yet.</param>
/// <param name="Hash">The hash of that segment as stored, in hex.</param>
/// <param name="Prune">The number of the newest prune record; 0: none yet.</param>
public sealed record VaultMark(long Sequence, string Hash, long Prune)
{
    /// <summary>The further of two memories of one resource.</summary>
    public static VaultMark Later(VaultMark? one, VaultMark other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return one is null ? other : (other.Sequence > one.Sequence ? other : one) with { Prune = Math.Max(one.Prune, other.Prune) };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}.{Prune}.{Hash}");

    /// <exception cref="FormatException"><paramref name="text"/> is not what <see cref="ToString"/> wrote.</exception>
    public static VaultMark Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('.') is [var sequence, var prune, { Length: 64 } hash]
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(prune, NumberStyles.None, CultureInfo.InvariantCulture, out var prunes)
            ? new(number, hash, prunes) : throw new FormatException($"'{text}' is not the mark of a vault.");
    }
}
