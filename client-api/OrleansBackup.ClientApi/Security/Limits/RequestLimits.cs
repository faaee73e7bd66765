using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security.Limits;

/// <summary>An endpoint that lets in by itself, without a caller of the API: it counts only those whom it refuses.</summary>
internal sealed record CountsStrangers;

/// <summary>Keeps one caller, or one address that nobody is signed in from, from taking the server for himself.</summary>
internal sealed class RequestLimits(IOptions<LimitOptions> options, TimeProvider time)
{
    private static readonly TimeSpan AfterOneEnds = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, int> _underWay = [];
    private readonly Allowance _callers = new(options.Value.PerCaller, options.Value.Counted, time);
    private readonly Allowance _keys = new(options.Value.PerKey, options.Value.Counted, time);
    private readonly Allowance _addresses = new(options.Value.PerAddress, options.Value.Counted, time);
    private readonly Allowance _failures = new(options.Value.FailedSignIns, options.Value.Counted, time);

    /// <summary>After sign-in, so that callers behind one address do not use up each other's share.</summary>
    public async Task InvokeAsync(HttpContext context, Func<Task> next)
    {
        // Whoever asks whether the process lives has to be told, or a busy server is restarted for being busy.
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || context.GetEndpoint()?.Metadata.GetMetadata<CountsStrangers>() is not null)
            await next();
        else if ((context.CallerOrNull() is { } caller ? (caller.SignedInBy == SignInMethod.ApiKey ? _keys : _callers).Take(caller.Name) : _addresses.Take(AddressOf(context))) is { } wait)
            await RefuseAsync(context, wait);
        else
            await AmongFewAsync(context, context.CallerOrNull() is { } who ? $"caller {who.Name}" : $"address {AddressOf(context)}", next);
    }

    /// <summary>Many requests a minute are one thing, many that never end another: each holds a connection and what it watches.</summary>
    private async Task AmongFewAsync(HttpContext context, string name, Func<Task> next)
    {
        if (!TryEnter(name))
        {
            await RefuseAsync(context, AfterOneEnds);
            return;
        }
        try
        {
            await next();
        }
        finally
        {
            Leave(name);
        }
    }

    private bool TryEnter(string name)
    {
        lock (_turn)
        {
            var present = _underWay.GetValueOrDefault(name);
            if (present >= options.Value.AtOnce)
                return false;
            _underWay[name] = present + 1;
            return true;
        }
    }

    private void Leave(string name)
    {
        lock (_turn)
        {
            if (--_underWay[name] == 0)
                _underWay.Remove(name); // who has nothing under way takes no room
        }
    }

    /// <summary>Counts somebody whom an endpoint that <see cref="CountsStrangers"/> did not let in.</summary>
    /// <returns>How long he has to wait; null: not at all.</returns>
    public TimeSpan? CountStranger(HttpContext context) => _addresses.Take(AddressOf(context));

    /// <summary>How long an address has to wait before its keys and tokens are looked at again; null: not at all.</summary>
    public TimeSpan? WaitAfterFailures(HttpContext context) => _failures.Peek(AddressOf(context));

    public void CountFailure(HttpContext context) => _failures.Take(AddressOf(context));

    public static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ProblemWriter.WriteAsync(context, Problem.TooManyRequests((int)wait.TotalSeconds));
    }

    /// <summary>The address that asks. Of IPv6 the network: one customer has a whole one.</summary>
    public static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"{new System.Net.IPAddress(bytes)}/64";
    }
}
