namespace OrleansBackup.Microsoft365.Paging;

/// <summary>Checks a link that the service gave before it is followed: services have sent ones that lead nowhere or in circles.</summary>
internal static class LinkCheck
{
    /// <returns>The address, or null for a link that must not be followed.</returns>
    public static Uri? Follow(GraphClient client, string? link, Uri usedBefore) =>
        Uri.TryCreate(link, UriKind.Absolute, out var address)
        && client.IsOurs(address)
        && address != usedBefore
        && !address.AbsolutePath.Contains("//", StringComparison.Ordinal)
            ? address : null;
}
