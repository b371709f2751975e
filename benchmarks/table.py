"""Tables of what was measured, in Markdown."""

from statistics import median

from benchmarks.programs import elements


def speed_table(group):
    """Rates, and ratios to gpusyn, of one workload and size.

    The ratio is seconds of the program over seconds of gpusyn in the same round: above 1, gpusyn is faster. Ranges are
    from the smallest to the largest repetition. `load` is the largest number of cores that anything else kept busy.
    """
    head = f"\n{group['workload']} {group['size']} {group['precision']}, {group['unit']} per second\n"
    titles = "| program | rate, median (range) | seconds | gpusyn is faster by | setup s | peak MB | load | checks |"
    lines = [head, titles, "|---|---|---|---|---|---|---|---|"]
    own = next((each for each in group["results"] if each["program"].startswith("gpusyn")), None)
    lines += [_speed_row(result, own) for result in group["results"]]
    lines += [f"| {name} | not measured: {reason} | | | | | | |" for name, reason in group["not_measured"].items()]
    return "\n".join(lines)


def _speed_row(result, own):
    seconds, work = result["seconds"], elements(result["size"]) * result["steps"]
    rates = [work / each for each in seconds]
    name = f"{result['program']} {result['version'].split()[-1]} {result['precision']}"
    checks = ", ".join(f"{key} {value:g}" for key, value in result["checks"].items())
    return (f"| {name} | {median(rates):.2e} ({min(rates):.2e} to {max(rates):.2e}) | {median(seconds):.4g} "
            f"| {_ratio(result, own)} | {result['setup_seconds']:.1f} | {result['peak_memory_mb']:.0f} "
            f"| {max(result['other_load']):.2f} | {checks} |")


def _ratio(result, own):
    if own is None or own is result:
        return ""
    ratios = [peer / mine for peer, mine in zip(result["seconds"], own["seconds"], strict=False)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def memory_table(group):
    """Marginal peak memory of one workload."""
    lines = [f"\n{group['workload']} {group['precision']}, bytes per element of the model: {group['needed']}\n",
             "| program | bytes per element | between sizes |", "|---|---|---|"]
    lines += [f"| {each['program']} | {each['bytes_per_element']:.1f} | {' and '.join(each['sizes'])} |"
              for each in group["results"]]
    lines += [f"| {name} | not measured: {reason} | |" for name, reason in group["not_measured"].items()]
    return "\n".join(lines)
