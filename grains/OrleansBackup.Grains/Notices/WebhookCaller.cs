using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>Signed calls to addresses that somebody else chose.</summary>
/// <remarks>
/// Such an address leads nowhere inside: names are looked up here, every address must lie in the open internet, the connection goes to the address that was judged, no redirect is
/// followed, no proxy is asked, and of the answer only its status is read. Receivers check <c>OrleansBackup-Signature: t={seconds},v1={hex}</c>: HMAC-SHA256 with their secret over
/// <c>{seconds}.{body}</c>, refuse old times, and while a secret is changed find one <c>v1</c> for each that is valid.
/// </remarks>
internal sealed class WebhookCaller : IDisposable
{
    public const string SignatureHeader = "OrleansBackup-Signature";

    private const int LongestUrl = 2_000;

    private readonly WebhookOptions _options;
    private readonly INameLookup _names;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookCaller(IOptions<WebhookOptions> options, INameLookup names, TimeProvider time)
    {
        (_options, _names, _time) = (options.Value, names, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = 16, MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero, // each call is judged anew: a name may lead elsewhere by then
            ConnectCallback = async (context, cancellation) => await ConnectAsync(context.DnsEndPoint, cancellation),
        }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>How bodies are written.</summary>
    public static JsonSerializerOptions Form { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Why this address may not be called, to tell whoever gives it; null: it may, as far as can be told without looking up its name.</summary>
    public string? Problem(string url)
    {
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address))
            return "This is not a whole address such as https://example.nl/backup-notices.";
        if (address.Scheme != Uri.UriSchemeHttps && !(_options.AllowPrivateAddresses && address.Scheme == Uri.UriSchemeHttp))
            return "Only https addresses are called.";
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "The address may not hold a user name, a password or a fragment.";
        return !_options.AllowPrivateAddresses && (address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && !PublicAddress.Is(ip)))
            ? "Only addresses in the open internet are called." : null;
    }

    /// <summary>As <see cref="Problem"/>, and where its name leads now. A name that nobody knows is no problem yet: each call looks again.</summary>
    public async Task<string?> ProblemAsync(string url, CancellationToken cancellation)
    {
        if (Problem(url) is { } problem)
            return problem;
        try
        {
            await LookUpAsync(new Uri(url).DnsSafeHost, cancellation);
            return null;
        }
        catch (DeliveryException exception)
        {
            return exception.Message;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <returns>The status of the answer, which says that it was taken.</returns>
    /// <param name="secrets">All that are valid now, the present one first.</param>
    /// <exception cref="DeliveryException">It was not taken, as far as can be told.</exception>
    public async Task<int> CallAsync(string url, byte[] body, ImmutableArray<string> secrets, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        if (Problem(url) is { } problem)
            throw new DeliveryException(problem, isTransient: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("OrleansBackup");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        request.Headers.Add(SignatureHeader, Signature(secrets, body, _time.GetUtcNow()));
        using var patience = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? (int)response.StatusCode
                : throw new DeliveryException($"The receiver answered {(int)response.StatusCode}.", isTransient: response.StatusCode != HttpStatusCode.Gone, status: (int)response.StatusCode);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DeliveryException($"The receiver did not answer within {_options.Timeout}.", isTransient: true);
        }
        catch (HttpRequestException exception)
        {
            throw exception.InnerException as DeliveryException
                ?? new DeliveryException(PlainLine.Of($"The receiver could not be reached: {(exception.InnerException ?? exception).Message}"), isTransient: true, exception);
        }
    }

    public void Dispose() => _client.Dispose();

    internal static string Signature(ImmutableArray<string> secrets, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return string.Join(',', [$"t={seconds}", .. secrets.Select(secret => $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}")]);
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        // What was judged is what is called: a second look-up could give another answer.
        var addresses = await LookUpAsync(target.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="DeliveryException">It leads inside, be it with one of its addresses only.</exception>
    /// <exception cref="SocketException">Nobody knows the name.</exception>
    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        var addresses = await _names.LookUpAsync(host, cancellation);
        return _options.AllowPrivateAddresses || Array.TrueForAll(addresses, PublicAddress.Is) ? addresses
            : throw new DeliveryException($"The name {host} does not lead into the open internet; it is not called.", isTransient: true);
    }
}
