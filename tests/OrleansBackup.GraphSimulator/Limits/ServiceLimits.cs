using System.Collections.Concurrent;
using OrleansBackup.GraphSimulator.Http;

namespace OrleansBackup.GraphSimulator.Limits;

/// <summary>Counts what each app asks of each mailbox and of each directory, and refuses what is over the limit. Refused calls count too.</summary>
public sealed class ServiceLimits(TimeProvider time)
{
    private static readonly TimeSpan DirectoryWindow = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, MailboxBudget> _mailboxes = new();
    private static readonly TimeSpan FilesWindow = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, SlidingWindow> _directories = new();
    private readonly ConcurrentDictionary<string, SlidingWindow> _files = new();
    private volatile LimitSettings _current = new();

    public LimitSettings Current
    {
        get => _current;
        set
        {
            _current = value;
            _mailboxes.Clear();
            _directories.Clear();
            _files.Clear();
        }
    }

    /// <summary>Where the highest concurrency is noted; set once by the host.</summary>
    internal RequestStatistics? Statistics { get; set; }

    /// <summary>Takes a place for a request; dispose when it is answered.</summary>
    public Admission Enter(GraphRequest request, GraphRoute route, string? mailbox)
    {
        var settings = _current;
        if (route.Service == GraphService.Teams)
            return new Admission(null, TakeTeam(request, settings));
        if (request.Body.Length > settings.RequestBytes)
            return new Admission(null, new GraphErrorException(413, "RequestEntityTooLarge", "The request body is too large."));
        if (route.Service == GraphService.Files)
            return new Admission(null, TakeFiles(request.Caller!, request.Option("token") is not null ? 1 : route.Cost));
        return mailbox is null ? EnterDirectory(request, route, settings) : EnterMailbox($"{request.Caller!.ClientId}/{request.Tenant.Id}/{mailbox}", mailbox, request.Body.Length, route.Method, settings);
    }

    /// <summary>Counts a block of an upload session, which has no app of its own; null when it is let in.</summary>
    public GraphErrorException? CountUpload(string app, Guid tenant, string mailbox, int bytes)
    {
        var budget = Budget($"{app}/{tenant}/{mailbox}");
        return budget.Upload.Take(time.GetUtcNow(), bytes, _current.UploadBytes, _current.UploadWindow) is { } wait && _current.Enabled
            ? Throttled("Application is over its upload limit for this mailbox.", wait)
            : null;
    }

    /// <summary>Counts resource units of files and sites; null when they are granted.</summary>
    public GraphErrorException? TakeFiles(CallerIdentity caller, int units)
    {
        var wait = Files(caller).Take(time.GetUtcNow(), units, FilesLimit(caller), FilesWindow);
        return wait is { } pause && _current.Enabled ? Throttled("The request has been throttled.", pause, "activityLimitReached") : null;
    }

    /// <summary>What the service tells of the minute's units when four fifths are used: limit, what is left and seconds until there is more.</summary>
    public (int Limit, long Left, int Reset)? FilesWarning(CallerIdentity caller)
    {
        var limit = FilesLimit(caller);
        var used = Files(caller).Used(time.GetUtcNow(), FilesWindow);
        return _current.Enabled && used * 5 >= limit * 4L ? (limit, Math.Max(0, limit - used), 5) : null;
    }

    private SlidingWindow Files(CallerIdentity caller) => _files.GetOrAdd($"{caller.ClientId}/{caller.Tenant.Id}", _ => new SlidingWindow());

    private int FilesLimit(CallerIdentity caller) => _current.FilesUnitsPerMinute
        ?? caller.Tenant.Directory.EverSeen switch { <= 1_000 => 1_250, <= 5_000 => 2_500, <= 15_000 => 3_750, <= 50_000 => 5_000, _ => 6_250 };

    private Admission EnterMailbox(string key, string mailbox, int bytes, string method, LimitSettings settings)
    {
        var budget = Budget(key);
        var now = Interlocked.Increment(ref budget.UnderWay);
        Statistics?.Concurrent(mailbox, now);
        var at = time.GetUtcNow();
        var requests = budget.Requests.Take(at, 1, settings.MailboxRequests, settings.MailboxWindow);
        var upload = method is "POST" or "PUT" or "PATCH" ? budget.Upload.Take(at, bytes, settings.UploadBytes, settings.UploadWindow) : null;
        var refusal = !settings.Enabled ? null
            : now > settings.MailboxConcurrency ? Throttled("Application is over its MailboxConcurrency limit.", TimeSpan.FromSeconds(1))
            : requests is { } wait ? Throttled("Application is over its request limit for this mailbox.", wait)
            : upload is { } uploadWait ? Throttled("Application is over its upload limit for this mailbox.", uploadWait)
            : null;
        return new Admission(budget, refusal);
    }

    private Admission EnterDirectory(GraphRequest request, GraphRoute route, LimitSettings settings)
    {
        var users = request.Tenant.Directory.EverSeen;
        var units = settings.DirectoryUnits ?? (users < 50 ? 3_500 : users <= 500 ? 5_000 : 8_000);
        var cost = Math.Max(1, route.Cost - (request.Option("$select") is null ? 0 : 1) - (request.Number("$top") is < 20 ? 1 : 0) + (request.Option("$expand") is null ? 0 : 1));
        var window = _directories.GetOrAdd($"{request.Caller!.ClientId}/{request.Tenant.Id}", _ => new SlidingWindow());
        return new Admission(null, window.Take(time.GetUtcNow(), cost, units, DirectoryWindow) is { } wait && settings.Enabled
            ? Throttled("Too many requests.", wait, "TooManyRequests")
            : null);
    }

    private readonly ConcurrentDictionary<string, SlidingWindow> _teams = new();

    private GraphErrorException? TakeTeam(GraphRequest request, LimitSettings settings)
    {
        if (request.Values.GetValueOrDefault("team") is not { } team)
            return null;
        var window = _teams.GetOrAdd($"{request.Caller!.ClientId}/{request.Tenant.Id}/{team.ToLowerInvariant()}", _ => new SlidingWindow());
        return window.Take(time.GetUtcNow(), 1, settings.TeamRequestsPerSecond, TimeSpan.FromSeconds(1)) is { } wait && settings.Enabled
            ? Throttled("Request was throttled.", wait, "TooManyRequests")
            : null;
    }

    private MailboxBudget Budget(string key) => _mailboxes.GetOrAdd(key, _ => new MailboxBudget());

    private GraphErrorException Throttled(string message, TimeSpan wait, string code = "ApplicationThrottled") => new(429, code, message)
    {
        RetryAfter = _current.SendRetryAfter ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null,
    };

    internal sealed class MailboxBudget
    {
        public int UnderWay;
        public SlidingWindow Requests { get; } = new();
        public SlidingWindow Upload { get; } = new();
    }

    /// <summary>A place taken, or the reason why not.</summary>
    public readonly struct Admission : IDisposable
    {
        private readonly MailboxBudget? _budget;

        internal Admission(MailboxBudget? budget, GraphErrorException? refusal) => (_budget, Refusal) = (budget, refusal);

        public GraphErrorException? Refusal { get; }

        public void Dispose()
        {
            if (_budget is not null)
                Interlocked.Decrement(ref _budget.UnderWay);
        }
    }
}
