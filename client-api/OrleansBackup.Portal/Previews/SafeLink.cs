namespace OrleansBackup.Portal.Previews;

/// <summary>Where a link that a stranger wrote may lead: to a page of the web, an address of mail or a telephone. Everything else is not a link any more.</summary>
internal static class SafeLink
{
    private const int Longest = 4_000;

    /// <returns>The address written anew, and what of it a reader is shown; null: it is no link that we follow.</returns>
    public static (string Address, string Shown)? Of(string? written)
    {
        // Browsers drop these characters from an address, so "java\nscript:" is one for them too.
        var text = new string([.. (written ?? "").Where(character => !char.IsControl(character))]).Trim();
        if (text.Length is 0 or > Longest || !Uri.TryCreate(text, UriKind.Absolute, out var address))
            return null;
        return address.Scheme switch
        {
            "https" or "http" when address.IdnHost.Length > 0 => (address.AbsoluteUri, address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}"),
            "mailto" => (address.AbsoluteUri, Cut(Uri.UnescapeDataString(address.AbsoluteUri["mailto:".Length..].Split('?')[0]))),
            "tel" => (address.AbsoluteUri, Cut(address.AbsoluteUri["tel:".Length..])),
            _ => null,
        };
    }

    private static string Cut(string text) => text.Length > 100 ? $"{text[..100]}…" : text;
}
