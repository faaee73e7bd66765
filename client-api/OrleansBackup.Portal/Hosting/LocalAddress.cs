namespace OrleansBackup.Portal.Hosting;

/// <summary>An address within the portal that a form brought along. Whatever could lead elsewhere becomes the front page: a link with our name must not end at somebody else's.</summary>
public static class LocalAddress
{
    public static string Of(string? address) => address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) && !address.Contains('\\', StringComparison.Ordinal) ? address : "/";
}
