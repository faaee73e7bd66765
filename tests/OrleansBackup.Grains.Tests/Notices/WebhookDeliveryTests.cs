using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansBackup.Grains.Notices;
using Options = Microsoft.Extensions.Options.Options;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>Notices as signed calls, to a real web server.</summary>
public sealed class WebhookDeliveryTests : NoticeDeliveryContract
{
    [Fact]
    public async Task The_signature_is_of_the_body_and_the_moment_and_holds_with_the_secret_only()
    {
        await using var scene = await WebhookScene.StartAsync(Receiver.Takes);
        await scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None);
        var call = Assert.Single(scene.Calls);
        var (seconds, signature) = (call.Signature.Split(',')[0][2..], call.Signature.Split(',')[1][3..]);
        Assert.Equal(signature, Convert.ToHexStringLower(HMACSHA256.HashData("the secret"u8, Encoding.UTF8.GetBytes($"{seconds}.{call.Body}"))));
        Assert.Equal(WebhookScene.Now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), seconds);
        var body = JsonDocument.Parse(call.Body).RootElement;
        Assert.Equal("version id kind key tenant customer createdAt ends happensAt subject text count resources", string.Join(' ', body.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("foundUnprotected", body.GetProperty("kind").GetString());
        Assert.Equal("mailbox-1", body.GetProperty("resources")[0].GetProperty("id").GetString());
        Assert.Contains("NIET", body.GetProperty("text").GetProperty("nl").GetString(), StringComparison.Ordinal);
        Assert.Contains("NOT", body.GetProperty("text").GetProperty("en").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var target = await WebhookScene.StartAsync(Receiver.Takes);
        await using var scene = await WebhookScene.StartAsync(Receiver.Takes);
        scene.RedirectTo = target.To;
        Assert.Contains("302", (await Assert.ThrowsAsync<DeliveryException>(() => scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Empty(target.Calls);
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        await using var scene = await WebhookScene.StartAsync(Receiver.Takes);
        scene.IsEndless = true;
        await scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None);
        Assert.Single(scene.Calls);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_called()
    {
        await using var scene = await WebhookScene.StartAsync(Receiver.Takes);
        using var guarded = new WebhookCaller(Options.Create(new WebhookOptions()), new SystemNameLookup(), TimeProvider.System);
        var port = new Uri(scene.To).Port;
        foreach (var host in new[] { "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254", "192.168.0.1", "localhost", "0.0.0.0", "2130706433" })
            Assert.NotNull(guarded.Problem($"https://{host}:{port}/"));
        // A name that says nothing of where it leads: only the look-up tells.
        var inside = Dns.GetHostName();
        Assert.Null(guarded.Problem($"https://{inside}:{port}/"));
        var refused = await Assert.ThrowsAsync<DeliveryException>(() => new WebhookDelivery(guarded).DeliverAsync(Letter($"https://{inside}:{port}/"), CancellationToken.None));
        Assert.Contains("open internet", refused.Message, StringComparison.Ordinal);
        Assert.Empty(scene.Calls);
        Assert.Equal(0, scene.Connections);
    }

    [Theory]
    [InlineData("http://example.nl/hook")]
    [InlineData("https://user:password@example.nl/hook")]
    [InlineData("ftp://example.nl/hook")]
    [InlineData("/hook")]
    [InlineData("not an address")]
    public void An_address_that_may_not_be_called_is_refused_when_it_is_given(string url)
    {
        using var guarded = new WebhookCaller(Options.Create(new WebhookOptions()), new SystemNameLookup(), TimeProvider.System);
        Assert.NotNull(guarded.Problem(url));
        Assert.Null(guarded.Problem("https://example.nl/hook?a=b"));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450:400e::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("64:ff9b:1::a00:1", false)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("2001:0:a00:1::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("100::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("2002:a00:1::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ff02::1", false)]
    public void An_address_is_of_the_open_internet_or_not(string address, bool isOpen) => Assert.Equal(isOpen, PublicAddress.Is(IPAddress.Parse(address)));

    private protected override async Task<DeliveryScene> StartAsync(Receiver receiver) => await WebhookScene.StartAsync(receiver);

    private sealed class WebhookScene : DeliveryScene
    {
        public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-14T12:00:00Z");

        private readonly WebApplication _app;
        private readonly WebhookCaller _caller;
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string _to = "";
        private int _connections;

        private WebhookScene(Receiver receiver)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Use(async (connection, next) =>
            {
                Interlocked.Increment(ref _connections);
                await next();
            })));
            _app = builder.Build();
            _app.Run(context => AnswerAsync(context, receiver));
            // Only what is to pass has passed when the receiver is silent: the wait is real and short.
            _caller = new WebhookCaller(Options.Create(new WebhookOptions { AllowPrivateAddresses = true, Timeout = TimeSpan.FromSeconds(receiver == Receiver.Silent ? 1 : 60) }), new SystemNameLookup(), new FixedClock(Now));
            Delivery = new WebhookDelivery(_caller);
        }

        public ConcurrentQueue<(string Notice, string Signature, string Body)> Calls { get; } = new();

        public string? RedirectTo { get; set; }

        public bool IsEndless { get; set; }

        public int Connections => _connections;

        public override INoticeDelivery Delivery { get; }

        public override string To => _to;

        public static async Task<WebhookScene> StartAsync(Receiver receiver)
        {
            var scene = new WebhookScene(receiver);
            await scene._app.StartAsync();
            scene._to = $"{scene._app.Urls.Single()}/hook";
            if (receiver == Receiver.Gone)
                await scene._app.StopAsync();
            return scene;
        }

        public override IReadOnlyList<(string Id, string Text)> Received() => [.. Calls.Select(call => (call.Notice, call.Body))];

        public override async ValueTask DisposeAsync()
        {
            _end.TrySetResult();
            _caller.Dispose();
            await _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context, Receiver receiver)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            if (receiver == Receiver.Silent)
                await _end.Task;
            Calls.Enqueue((context.Request.Headers[WebhookDelivery.NoticeHeader].ToString(), context.Request.Headers[WebhookCaller.SignatureHeader].ToString(), body));
            context.Response.StatusCode = receiver switch { Receiver.Busy => 503, Receiver.KnowsNobody => 410, _ => 200 };
            if (RedirectTo is { } elsewhere)
                context.Response.Redirect(elsewhere);
            while (IsEndless && !context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync(new string('x', 65_536), context.RequestAborted);
        }
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
