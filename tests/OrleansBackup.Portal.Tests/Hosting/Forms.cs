using System.Net;
using System.Text.RegularExpressions;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>Sends a form of a page as a browser without scripts does.</summary>
internal static partial class Forms
{
    /// <summary>Reads a page for its token, and sends one of its forms.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string page, string form, params (string Name, string Value)[] fields)
    {
        var proof = FormProof().Match(await client.GetStringAsync(new Uri(page, UriKind.Relative)));
        Assert.True(proof.Success, "The page has no form.");
        return await client.PostAsync(new Uri(form, UriKind.Relative), new FormUrlEncodedContent(
            [new(proof.Groups["name"].Value, WebUtility.HtmlDecode(proof.Groups["value"].Value)), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>__[^\"]+)\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex FormProof();
}
