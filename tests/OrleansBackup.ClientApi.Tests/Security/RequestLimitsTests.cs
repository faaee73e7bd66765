using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Requests that never end, such as streams of events: one caller or one address has only so many of them at once.</summary>
public sealed class RequestLimitsTests
{
    private readonly RequestLimits _limits = new(Options.Create(new LimitOptions { AtOnce = 2 }), TimeProvider.System);

    [Fact]
    public async Task A_caller_has_so_many_under_way_and_no_more_until_one_ends()
    {
        var (end, first) = Start("kim", "10.0.0.1");
        var (_, second) = Start("kim", "10.0.0.2"); // from wherever he asks
        Assert.Equal(429, await StatusAsync("kim", "10.0.0.3"));
        Assert.Equal(200, await StatusAsync("sam", "10.0.0.1"));
        Assert.Equal(200, await StatusAsync(null, "10.0.0.1"));
        end.SetResult();
        await first;
        Assert.Equal(200, await StatusAsync("kim", "10.0.0.3"));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_counted_by_address_and_of_the_sixth_version_by_network()
    {
        Start(null, "2001:db8:0:1::1");
        Start(null, "2001:db8:0:1::2");
        Assert.Equal(429, await StatusAsync(null, "2001:db8:0:1::3"));
        Assert.Equal(200, await StatusAsync(null, "2001:db8:0:2::3"));
        Start(null, "10.0.0.1");
        Start(null, "::ffff:10.0.0.1");
        Assert.Equal(429, await StatusAsync(null, "10.0.0.1"));
    }

    [Fact]
    public async Task One_that_fails_has_ended_too()
    {
        for (var round = 0; round < 5; round++)
            await Assert.ThrowsAsync<IOException>(() => _limits.InvokeAsync(Context("kim", "10.0.0.1"), () => throw new IOException("Gone.")));
        Assert.Equal(200, await StatusAsync("kim", "10.0.0.1"));
    }

    [Fact]
    public async Task A_name_of_a_caller_is_no_address()
    {
        Start("10.0.0.1", "10.9.9.9");
        Start("10.0.0.1", "10.9.9.9");
        Assert.Equal(200, await StatusAsync(null, "10.0.0.1"));
    }

    private (TaskCompletionSource End, Task Request) Start(string? caller, string address)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (end, _limits.InvokeAsync(Context(caller, address), () => end.Task));
    }

    private async Task<int> StatusAsync(string? caller, string address)
    {
        var context = Context(caller, address);
        await _limits.InvokeAsync(context, () => Task.CompletedTask);
        Assert.Equal(context.Response.StatusCode == 429, context.Response.Headers.RetryAfter.Count > 0);
        return context.Response.StatusCode;
    }

    private static DefaultHttpContext Context(string? caller, string address)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) }, RequestServices = new ServiceCollection().BuildServiceProvider() };
        if (caller is not null)
            context.User = CallerClaims.Principal(new Caller(caller, caller, [Role.Auditor], null, SignInMethod.ApiKey), "Caller");
        return context;
    }
}
