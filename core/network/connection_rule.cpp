// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/connection_rule.hpp"

#include "core/base/units.hpp"

namespace flurry {
namespace {

std::string limits(bool autapses, bool multapses = true) {
  return std::string(autapses ? "" : " without autapses") + (multapses ? "" : " without multapses");
}

struct Describe {
  std::string operator()(const AllToAll& r) const { return "all_to_all" + limits(r.autapses); }
  std::string operator()(const OneToOne&) const { return "one_to_one"; }
  std::string operator()(const FixedInDegree& r) const {
    return "fixed_indegree " + std::to_string(r.count) + limits(r.autapses, r.multapses);
  }
  std::string operator()(const FixedOutDegree& r) const {
    return "fixed_outdegree " + std::to_string(r.count) + limits(r.autapses, r.multapses);
  }
  std::string operator()(const FixedTotalNumber& r) const {
    return "fixed_total_number " + std::to_string(r.count) + limits(r.autapses);
  }
  std::string operator()(const PairwiseBernoulli& r) const {
    return "pairwise_bernoulli " + shortest(r.probability) + limits(r.autapses);
  }
  std::string operator()(const DistanceDependent& r) const {
    const char* kernel = r.kernel == DistanceDependent::Kernel::box        ? "box"
                         : r.kernel == DistanceDependent::Kernel::gaussian ? "gaussian"
                                                                           : "exponential";
    return std::string("distance ") + kernel + " " + shortest(r.probability) + " scale " + shortest(r.scale) +
           limits(r.autapses);
  }
  std::string operator()(const ConnectionList& r) const {
    return "list of " + std::to_string(r.sources->size()) + " connections";
  }
};

}  // namespace

std::string describe(const ConnectionRule& rule) { return std::visit(Describe{}, rule); }

}  // namespace flurry
