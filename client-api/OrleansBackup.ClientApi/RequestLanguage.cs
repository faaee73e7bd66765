using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.ClientApi;

/// <summary>The language that a caller wants texts in: what the address says, or else the first of Accept-Language that there is.</summary>
internal static class RequestLanguage
{
    /// <param name="asked">The parameter <c>language</c>; null: absent.</param>
    /// <param name="otherwise">Where the caller says nothing that there is.</param>
    public static NoticeLanguage Of(HttpRequest request, string? asked, NoticeLanguage otherwise) => asked switch
    {
        "nl" => NoticeLanguage.Nl,
        "en" => NoticeLanguage.En,
        null => request.GetTypedHeaders().AcceptLanguage.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant() switch { "nl" => NoticeLanguage.Nl, "en" => NoticeLanguage.En, _ => (NoticeLanguage?)null })
            .FirstOrDefault(language => language is not null) ?? otherwise,
        _ => throw new ProblemException(Problem.InvalidField("language", "'language' is nl or en.")),
    };
}
