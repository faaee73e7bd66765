namespace OrleansBackup.Vault.Stores;

/// <summary>The name of one stored object: parts joined by '/', each <c>[a-z0-9][a-z0-9.-]{0,127}</c>, so that a name is the same
/// and safe as a path, a URL and an object key.</summary>
public readonly record struct BlobName(string Value)
{
    public override string ToString() => Value;

    /// <exception cref="ArgumentException">The name has another form; nothing may be stored under it.</exception>
    public void EnsureValid()
    {
        if (Value is null || !Value.Split('/').All(PathPart.IsValid))
            throw new ArgumentException($"'{Value}' is not an object name.");
    }
}

/// <summary>The one rule for a part of a name.</summary>
internal static class PathPart
{
    private const int LongestPart = 128;

    public static bool IsValid(string part) =>
        part.Length is > 0 and <= LongestPart && char.IsAsciiLetterOrDigit(part[0]) && part.All(IsAllowed);

    private static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-';
}
