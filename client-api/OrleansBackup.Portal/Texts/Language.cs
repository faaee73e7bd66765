using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrleansBackup.Portal.Texts;

/// <summary>A language that the portal speaks.</summary>
public enum Language
{
    Dutch = 1,
    English = 2,
}

/// <summary>Which language a reader gets: the one he chose, or the first of his browser's that the portal speaks, or Dutch.</summary>
public static class Languages
{
    public const string Cookie = "ob-language";

    /// <summary>As BCP 47 and the folder of the texts call it.</summary>
    public static string Tag(this Language language) => language == Language.English ? "en" : "nl";

    public static Language? Parse(string? tag) => tag switch
    {
        "nl" => Language.Dutch,
        "en" => Language.English,
        _ => null,
    };

    public static Language Of(HttpRequest request) => Parse(request.Cookies[Cookie]) ?? OfBrowser(request) ?? Language.Dutch;

    // nl-BE is Dutch, en-US English; what is asked for with quality 0 is refused.
    private static Language? OfBrowser(HttpRequest request) => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)
        ? wanted.Where(one => one.Quality is not 0).OrderByDescending(one => one.Quality ?? 1).Select(one => Parse(one.Value.ToString().Split('-')[0].ToLowerInvariant())).FirstOrDefault(language => language is not null)
        : null;
}

/// <summary>Words of the service that it has in both languages.</summary>
public static class WordsOfTheService
{
    public static string In(this Domain.Notices.BothLanguages words, Language language) => language == Language.English ? words.En : words.Nl;
}
