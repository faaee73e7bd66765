using System.Globalization;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>How a folder's messages are being enumerated.</summary>
internal enum RoundMode
{
    /// <summary>Delta with all properties: the usual way.</summary>
    Delta,

    /// <summary>Delta with ids only, each message then read alone: where a message's content makes the listing fail.</summary>
    Slim,

    /// <summary>A plain list without a token: where the service refuses delta or walks in circles.</summary>
    Listing,
}

/// <summary>Where a round stands, as it is stored between pages and runs: the service's link with what it does not say itself.</summary>
/// <remarks>Stored by callers, so the form never changes: words, each with a plus, then the link; a link alone is a plain delta link.</remarks>
/// <param name="Listed">Entries of the plain list that are behind us: it is the only enumeration that can be entered in the middle.</param>
internal sealed record ReadPosition(Uri? Link, RoundMode Mode, bool IsFull, int Listed = 0)
{
    public static ReadPosition Start(RoundMode mode) => new(Link: null, mode, IsFull: true);

    public static ReadPosition Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Start(RoundMode.Delta);
        var at = text.IndexOf("https://", StringComparison.OrdinalIgnoreCase);
        if (at < 0) at = text.IndexOf("http://", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !Uri.TryCreate(text[at..], UriKind.Absolute, out var link)) return Start(RoundMode.Delta);
        var words = text[..at].Split('+');
        return new ReadPosition(link, words.Contains("slim") ? RoundMode.Slim : words.Contains("list") ? RoundMode.Listing : RoundMode.Delta, words.Contains("full"),
            words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Max());
    }

    public override string ToString() => Link is null ? "" :
        (Mode switch { RoundMode.Slim => "slim+", RoundMode.Listing => string.Create(CultureInfo.InvariantCulture, $"list+{Listed}+"), _ => "" }) + (IsFull ? "full+" : "") + Link.OriginalString;
}
