using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>Tricks by which an address could lead a call inside. The receiver on loopback hears of none of them.</summary>
public sealed class WebhookCallerTests : IDisposable
{
    private readonly TcpListener _inside = new(IPAddress.Loopback, 0);
    private readonly Names _names = new();
    private readonly WebhookCaller _caller;

    public WebhookCallerTests()
    {
        _inside.Start();
        _caller = new WebhookCaller(Options.Create(new WebhookOptions()), _names, TimeProvider.System);
    }

    private string Url => $"https://hook.example:{((IPEndPoint)_inside.LocalEndpoint).Port}/";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("2002:7f00:1::")]
    [InlineData("64:ff9b::7f00:1")]
    public async Task A_name_that_leads_inside_is_refused_when_it_is_given_and_at_each_call(string address)
    {
        _names.Answers.Enqueue([IPAddress.Parse(address)]);
        Assert.Contains("open internet", await _caller.ProblemAsync(Url, CancellationToken.None), StringComparison.Ordinal);
        _names.Answers.Enqueue([IPAddress.Parse(address)]);
        await RefusedAsync();
    }

    [Fact]
    public async Task A_name_with_one_address_outside_and_one_inside_is_refused_whole()
    {
        _names.Answers.Enqueue([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]);
        await RefusedAsync();
    }

    [Fact]
    public async Task A_name_that_led_outside_when_it_was_given_and_inside_afterwards_is_not_called()
    {
        _names.Answers.Enqueue([IPAddress.Parse("8.8.8.8")]);
        Assert.Null(await _caller.ProblemAsync(Url, CancellationToken.None));
        _names.Answers.Enqueue([IPAddress.Loopback]);
        await RefusedAsync();
    }

    [Fact]
    public async Task Each_call_looks_up_once_and_goes_to_what_was_judged()
    {
        // The judge sees this address; whoever asked a second time would be led inside, and find somebody listening there.
        var judged = IPAddress.Parse("127.0.0.2");
        using var open = new WebhookCaller(Options.Create(new WebhookOptions { AllowPrivateAddresses = true }), _names, TimeProvider.System);
        _names.Answers.Enqueue([judged]);
        _names.Answers.Enqueue([IPAddress.Loopback]);
        await Assert.ThrowsAsync<DeliveryException>(() => open.CallAsync(Url, [], ["secret"], [], CancellationToken.None));
        Assert.Single(_names.Answers);
        Assert.False(_inside.Pending());
    }

    [Fact]
    public async Task A_name_that_nobody_knows_may_be_given_and_is_tried_again()
    {
        Assert.Null(await _caller.ProblemAsync(Url, CancellationToken.None));
        Assert.True((await Assert.ThrowsAsync<DeliveryException>(() => _caller.CallAsync(Url, [], ["secret"], [], CancellationToken.None))).IsTransient);
    }

    [Theory]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.0.1.:443/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[fe80::1%251]/")]
    [InlineData("https://LOCALHOST/")]
    [InlineData("http://example.nl/")]
    public async Task Other_ways_to_write_an_inner_address_are_seen_through(string url)
    {
        _names.Answers.Enqueue([IPAddress.Loopback]); // what a machine says of "127.0.0.1."
        Assert.NotNull(await _caller.ProblemAsync(url, CancellationToken.None));
    }

    [Fact]
    public void While_a_secret_is_changed_both_sign()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var both = WebhookCaller.Signature(["new", "old"], "{}"u8, now).Split(',');
        Assert.Equal(["t=1800000000", .. WebhookCaller.Signature(["new"], "{}"u8, now).Split(',')[1..], .. WebhookCaller.Signature(["old"], "{}"u8, now).Split(',')[1..]], both);
        Assert.Equal(3, both.Distinct().Count());
    }

    public void Dispose()
    {
        _caller.Dispose();
        _inside.Dispose();
    }

    private async Task RefusedAsync()
    {
        var refused = await Assert.ThrowsAsync<DeliveryException>(() => _caller.CallAsync(Url, [], ["secret"], [], CancellationToken.None));
        Assert.Contains("open internet", refused.Message, StringComparison.Ordinal);
        Assert.False(_inside.Pending());
    }

    private sealed class Names : INameLookup
    {
        public ConcurrentQueue<IPAddress[]> Answers { get; } = new();

        public Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation) =>
            Answers.TryDequeue(out var answer) ? Task.FromResult(answer) : throw new SocketException((int)SocketError.HostNotFound);
    }
}
