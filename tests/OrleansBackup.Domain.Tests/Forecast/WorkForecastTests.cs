using OrleansBackup.Domain.Forecast;
using Xunit.Abstractions;

namespace OrleansBackup.Domain.Tests.Forecast;

/// <summary>The end of a first backup is foretold after a twentieth of it, and how well is measured.</summary>
public sealed class WorkForecastTests(ITestOutputHelper output)
{
    /// <summary>A piece of work: what each step brings and how long it takes.</summary>
    /// <param name="PerItem">Seconds.</param>
    /// <param name="PerMegabyte">Seconds.</param>
    /// <param name="Spread">How unequal the sizes are: the deviation of their logarithm.</param>
    private sealed record Kind(string Name, int Items, double PerItem, double PerMegabyte, double MedianKilobytes, double Spread, double Noise, double PauseShare);

    private static readonly Kind[] Kinds =
    [
        new("mailbox", 40_000, 0.08, 0.12, 25, 1.4, 0.5, 0.05),
        new("mailbox that is throttled often", 40_000, 0.08, 0.12, 25, 1.4, 0.5, 0.6),
        new("drive of documents", 30_000, 0.12, 0.09, 120, 1.6, 0.4, 0.1),
        new("drive of films", 8_000, 0.2, 0.08, 20_000, 1.3, 0.3, 0.1),
        new("lists", 100_000, 0.01, 0.1, 2, 0.5, 0.5, 0.2),
    ];

    [Fact]
    public void After_a_twentieth_of_the_work_the_end_is_within_a_fifth_nine_times_of_ten()
    {
        foreach (var kind in Kinds)
        {
            var errors = Enumerable.Range(1, 40).Select(seed => Error(kind, seed)).Order().ToList();
            output.WriteLine($"{kind.Name}: error after 5 % of the work: median {errors[20]:P1}, nine of ten below {errors[35]:P1}, worst {errors[^1]:P1}");
            Assert.True(errors[35] <= 0.20, $"{kind.Name}: {errors[35]:P1}");
        }
    }

    [Fact]
    public void Small_items_first_and_large_ones_later_are_told_apart_by_their_bytes()
    {
        var forecast = new WorkForecast();
        double time = 0;
        long items = 0, bytes = 0;
        for (var step = 0; step < 100; step++) // sizes grow, each item costs 0.1 s and each MB 1 s
        {
            var size = 10_000L * (step + 1);
            (items, bytes, time) = (items + 10, bytes + (10 * size), time + (10 * (0.1 + (size / 1e6))));
            forecast.Observe(TimeSpan.FromSeconds(time), items, bytes);
        }
        var left = forecast.Left(items + 1_000, bytes + 50_000_000_000)!.Value.TotalSeconds;
        Assert.InRange(left, 0.98 * (100 + 50_000), 1.02 * (100 + 50_000));
    }

    [Fact]
    public void Of_what_has_not_begun_nothing_is_said_and_of_what_is_done_that_nothing_is_left()
    {
        var forecast = new WorkForecast();
        Assert.Null(forecast.Left(100, 100));
        forecast.Observe(TimeSpan.FromSeconds(10), 0, 0);
        Assert.Null(forecast.Left(100, 100));
        forecast.Observe(TimeSpan.FromSeconds(20), 100, 1_000_000);
        Assert.Equal(TimeSpan.Zero, forecast.Left(100, 1_000_000));
        Assert.Equal(TimeSpan.Zero, forecast.Left(50, 500)); // the counters of the service were too low
    }

    [Fact]
    public void Without_the_bytes_in_all_the_rest_is_taken_to_be_like_what_was_seen()
    {
        var forecast = new WorkForecast();
        forecast.Observe(TimeSpan.FromSeconds(50), 500, 5_000_000);
        forecast.Observe(TimeSpan.FromSeconds(100), 1_000, 10_000_000);
        Assert.Equal(300, forecast.Left(4_000, null)!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Without_the_items_in_all_the_rest_is_taken_to_have_as_many_for_its_bytes()
    {
        var forecast = new WorkForecast();
        forecast.Observe(TimeSpan.FromSeconds(50), 500, 5_000_000);
        forecast.Observe(TimeSpan.FromSeconds(100), 1_000, 10_000_000);
        Assert.Equal(300, forecast.Left(null, 40_000_000)!.Value.TotalSeconds, 3);
    }

    private static double Error(Kind kind, int seed)
    {
        var random = new Random(seed);
        var sizes = Enumerable.Range(0, kind.Items).Select(_ => (long)(1_000 * kind.MedianKilobytes * Math.Exp(kind.Spread * Normal(random)))).ToArray();
        var whole = sizes.Sum();
        var forecast = new WorkForecast();
        double time = 0, toldAt = 0, told = 0;
        long bytes = 0;
        for (var i = 0; i < kind.Items; i++)
        {
            var cost = (kind.PerItem + (kind.PerMegabyte * sizes[i] / 1e6)) * Math.Exp(kind.Noise * Normal(random));
            if (random.NextDouble() < 0.02)
                cost += kind.PauseShare * kind.PerItem * 50; // the service asks to wait, now and then
            time += cost;
            bytes += sizes[i];
            if (i % 50 == 0)
                forecast.Observe(TimeSpan.FromSeconds(time), i + 1, bytes);
            if (toldAt == 0 && i >= kind.Items / 20)
                (toldAt, told) = (time, time + forecast.Left(kind.Items, whole)!.Value.TotalSeconds);
        }
        return Math.Abs(told - time) / time;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
