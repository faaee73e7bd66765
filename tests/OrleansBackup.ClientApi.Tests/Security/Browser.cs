using System.Net;
using System.Text.RegularExpressions;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>As much of a browser as a sign-in needs: cookies, redirects, forms. What a public address stands for is told to it.</summary>
internal sealed partial class Browser(Uri server, string publicUrl) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<(string Host, string Name), string> _cookies = [];

    /// <summary>Each <c>Set-Cookie</c> that ever came, as it came.</summary>
    public List<string> CookiesSet { get; } = [];

    /// <summary>A redirect to this path is not followed.</summary>
    public string? StopsAt { get; set; }

    /// <summary>Where the last answer came from.</summary>
    public Uri Place { get; private set; } = new(publicUrl);

    public string? CookieNamed(string name) => _cookies.FirstOrDefault(cookie => cookie.Key.Name == name).Value;

    public void PutCookie(string name, string value) => _cookies[(new Uri(publicUrl).Authority, name)] = value;

    public Task<HttpResponseMessage> GoAsync(string address, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, new Uri(Place, address), null, follow: true, headers);

    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string address, HttpContent? content, params (string Name, string Value)[] headers) =>
        SendAsync(method, new Uri(new Uri(publicUrl), address), content, follow: false, headers);

    /// <summary>Sends the first form of a page with its hidden fields and what is typed; every page may begin with the one that chooses a language.</summary>
    public Task<HttpResponseMessage> SubmitAsync(string page, params (string Name, string Value)[] typed)
    {
        var form = Form().Matches(page).FirstOrDefault(one => !one.Groups["action"].Value.StartsWith("/preferences", StringComparison.Ordinal)
            && typed.All(field => one.Groups["inside"].Value.Contains($"name=\"{field.Name}\"", StringComparison.Ordinal)));
        Assert.True(form is not null, page);
        var fields = Input().Matches(form.Groups["inside"].Value).Select(input => input.Value).Where(input => input.Contains("type=\"hidden\"", StringComparison.Ordinal))
            .ToDictionary(input => Attribute(input, "name"), input => Attribute(input, "value"));
        foreach (var (name, value) in typed)
            fields[name] = value;
        return SendAsync(HttpMethod.Post, new Uri(Place, WebUtility.HtmlDecode(form.Groups["action"].Value)), new FormUrlEncodedContent(fields), follow: true);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent? content, bool follow, params (string Name, string Value)[] headers)
    {
        for (var hop = 0; hop < 12; hop++)
        {
            var isOurs = address.Authority == new Uri(publicUrl).Authority;
            using var request = new HttpRequestMessage(method, isOurs ? new Uri(server, address.PathAndQuery) : address) { Content = content };
            var cookies = string.Join("; ", _cookies.Where(cookie => cookie.Key.Host == address.Authority).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));
            if (cookies.Length > 0)
                request.Headers.Add("Cookie", cookies);
            request.Headers.Add("Accept", "text/html");
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            var response = await _http.SendAsync(request);
            Place = address;
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var given) ? given : [])
            {
                CookiesSet.Add(set);
                var (name, value) = (set[..set.IndexOf('=', StringComparison.Ordinal)], set[(set.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
                if (value.Length == 0)
                    _cookies.Remove((address.Authority, name));
                else
                    _cookies[(address.Authority, name)] = value;
            }
            if (!follow || (int)response.StatusCode is not (301 or 302 or 303) || new Uri(address, response.Headers.Location!).AbsolutePath == StopsAt)
                return response;
            (method, content, address) = (HttpMethod.Get, null, new Uri(address, response.Headers.Location!));
            response.Dispose();
        }
        throw new InvalidOperationException("Round and round.");
    }

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $"{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<form[^>]*action=\"(?<action>[^\"]*)\"[^>]*>(?<inside>.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex Input();
}
