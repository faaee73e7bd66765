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

/// <summary>Notices as signed calls to a customer's or provider's own system.</summary>
/// <remarks>
/// The address is somebody else's choice, so it leads nowhere inside: names are looked up here, every address must lie in the open internet, the connection goes to the address that was
/// judged, no redirect is followed, no proxy is asked, and of the answer only its status is read. Receivers check <c>OrleansBackup-Signature: t={seconds},v1={hex}</c>: HMAC-SHA256 with
/// their secret over <c>{seconds}.{body}</c>; they refuse old times, and drop an <c>OrleansBackup-Notice</c> that they have had.
/// </remarks>
internal sealed class WebhookDelivery : INoticeDelivery, IDisposable
{
    public const string SignatureHeader = "OrleansBackup-Signature";
    public const string NoticeHeader = "OrleansBackup-Notice";

    private const int LongestUrl = 2_000;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookDelivery(IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = 16, MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero, // each call is judged anew: a name may lead elsewhere by then
            ConnectCallback = async (context, cancellation) => await ConnectAsync(context.DnsEndPoint, cancellation),
        }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public NoticeChannel Channel => NoticeChannel.Webhook;

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

    public async Task DeliverAsync(NoticeLetter letter, CancellationToken cancellation)
    {
        if (Problem(letter.To) is { } problem)
            throw new DeliveryException(problem, isTransient: false);
        var body = BodyOf(letter);
        using var request = new HttpRequestMessage(HttpMethod.Post, letter.To) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("OrleansBackup");
        request.Headers.Add(NoticeHeader, letter.Notice.Id.ToString("D"));
        request.Headers.Add(SignatureHeader, Signature(letter.Secret!, body, _time.GetUtcNow()));
        using var patience = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                throw new DeliveryException($"The receiver answered {(int)response.StatusCode}.", isTransient: response.StatusCode != HttpStatusCode.Gone);
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

    internal static string Signature(string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellation);
        if (!_options.AllowPrivateAddresses && !Array.TrueForAll(addresses, PublicAddress.Is))
            throw new DeliveryException($"The name {target.Host} does not lead into the open internet; it is not called.", isTransient: true);
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

    /// <summary>Contract: names are added, never changed or taken away; <c>version</c> counts up if that ever has to be otherwise.</summary>
    private static byte[] BodyOf(NoticeLetter letter)
    {
        var notice = letter.Notice;
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = 1,
            notice.Id,
            Kind = JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString()),
            notice.Key,
            Tenant = letter.Tenant.ToString(),
            letter.Customer,
            notice.CreatedAt,
            notice.Ends,
            notice.HappensAt,
            Subject = new { Nl = letter.Dutch.Subject, En = letter.English.Subject },
            Text = new { Nl = letter.Dutch.AsPlain(), En = letter.English.AsPlain() },
            notice.Count,
            Resources = notice.Resources.Select(resource => new { Id = resource.LocalName, resource.Name, resource.Address }),
        }, Form);
    }
}
